/** The cast that the seed data of all subgraphs share: who exists, under which id, and who is what to whom. */
export { campaigns, hotCampaign, type CastCampaign } from './campaigns.ts';
export { circles, type CastCircle } from './circles.ts';
export { counts } from './counts.ts';
export { seedDay, type SeedDay } from './day.ts';
export { instructors, type CastInstructor } from './instructors.ts';
export {
  isLicensed,
  organisationOf,
  organisations,
  organisationsOfKind,
  type CastLicence,
  type CastOrganisation,
} from './organisations.ts';
export { kinships, type Kinship } from './kinships.ts';
export { people, personOf, phoneOf, type Person } from './people.ts';
export { personas, staffMembers, type Persona, type PersonaName } from './personas.ts';
export { products, type CastProduct } from './products.ts';
export { createRandom, type Random } from './random.ts';
export { castId, idPrefixes, seedId } from './seed-id.ts';
