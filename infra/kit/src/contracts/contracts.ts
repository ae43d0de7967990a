export type { ContractLists, ShownFields } from './contract-lists.ts';
export { contracts } from './contract.ts';
export type { Contract } from './contract.ts';
export { tagSdl } from './tag-sdl.ts';
export { ContractFailure, toContractSchema } from './contract-schema.ts';
