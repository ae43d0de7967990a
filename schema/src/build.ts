import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSchemaFiles } from './build-schema.ts';
import { SchemaFailure } from './schema-failure.ts';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, base: { type: 'string' } },
});

try {
  await buildSchemaFiles({
    root: dirname(dirname(import.meta.dirname)),
    check: values.check,
    base: values.base,
    print: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  if (!(error instanceof SchemaFailure)) throw error;
  process.stderr.write(`${[error.message, ...error.details.map((detail) => `  ${detail}`)].join('\n')}\n`);
  process.exitCode = 1;
}
