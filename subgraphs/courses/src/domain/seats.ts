/** What is known of a course's seats. */
export interface Seats {
  /** Null: as many as come. */
  readonly capacity: bigint | null;
  readonly enrolled: bigint;
}

/** Seats that nobody has; null: without end. */
export function freeSeats({ capacity, enrolled }: Seats): bigint | null {
  if (capacity === null) return null;
  return capacity > enrolled ? capacity - enrolled : 0n;
}

/** What who comes now gets. Nobody waits while there is a seat: whoever frees one gives it to the first who waits. */
export function seatFor(seats: Seats): 'ENROLLED' | 'WAITLISTED' {
  return freeSeats(seats) === 0n ? 'WAITLISTED' : 'ENROLLED';
}
