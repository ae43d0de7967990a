import '../../../src/migrate.ts';
