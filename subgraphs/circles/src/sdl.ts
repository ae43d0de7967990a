import { printSdl } from '@banyan/kit/graphql';
import { contracts } from './contracts.ts';
import { schema } from './schema.ts';

process.stdout.write(await printSdl(schema, contracts));
