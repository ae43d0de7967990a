/** How much of each thing the seed data holds. Numbers run from 1. */
export const counts = {
  people: 2000,
  organisations: 30,
  instructors: 40,
  courses: 200,
  campaigns: 300,
  circles: 100,
  products: 20,
} as const;
