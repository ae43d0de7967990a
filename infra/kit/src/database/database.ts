/** PostgreSQL for a service: pool and Kysely, roles and migrations, transactions, pages. */
export { createDatabase } from './create-database.ts';
export type { Database, DatabaseOptions, QueryCounter, QueryRecord } from './create-database.ts';
export { isTransient, sqlState, violatedConstraint } from './errors.ts';
export { inTransaction } from './in-transaction.ts';
export type { TransactionOptions } from './in-transaction.ts';
export { insertMany } from './insert-many.ts';
export { InvalidCursor } from './keyset-cursor.ts';
export { MAX_PAGE_NODES, keysetPage, keysetPagePerParent } from './keyset-page.ts';
export type { Edge, KeysetArguments, KeysetOrder, Page, PageInfo } from './keyset-page.ts';
export type { ParentPageArguments, ParentPageRequest } from './keyset-page.ts';
export { appRoleOf, grantAppendOnly, grantReadOnly, grantReadWrite, migrate } from './migrate.ts';
export type { MigrateOptions, Migration, MigrationContext, Migrations } from './migrate.ts';
export { onBehalfOfSeveral } from './operation-scope.ts';
export { prepareDatabase } from './prepare-database.ts';
export type { PrepareOptions, PreparedDatabase } from './prepare-database.ts';
export { sqlFaultOf } from './sql-fault.ts';
export type { SqlFault } from './sql-fault.ts';
export { typeParsers } from './type-parsers.ts';
