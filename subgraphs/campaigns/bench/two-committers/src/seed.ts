import '../../../src/seed.ts';
