import { ContractFailure, contracts, toContractSchema, type Contract } from '@banyan/kit/contracts';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { SchemaFailure } from './schema-failure.ts';

/** What the callers of each contract see, as SDL. */
export type ContractSdl = Readonly<Record<Contract, string>>;

/** Where a contract's SDL stands: an exposure shows in review as a line of this file. */
export function contractPath(contract: Contract): string {
  return `schema/contracts/${contract}.graphql`;
}

function printContract(supergraph: string, contract: Contract): string {
  try {
    return `${printSchema(lexicographicSortSchema(toContractSchema(supergraph, contract))).trim()}\n`;
  } catch (error) {
    if (!(error instanceof ContractFailure)) throw error;
    throw new SchemaFailure(`${error.message} See subgraphs/*/src/contracts.ts.`, error.details);
  }
}

/**
 * The SDL of all contracts of a supergraph.
 * @throws SchemaFailure with what to list, or to take out, in a subgraph's `contracts.ts`.
 */
export function printContracts(supergraph: string): ContractSdl {
  return Object.fromEntries(
    contracts.map((contract) => [contract, printContract(supergraph, contract)]),
  ) as Record<Contract, string>;
}
