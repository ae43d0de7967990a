import { printSdl } from '@banyan/kit/graphql';
import { schema } from './schema.ts';

process.stdout.write(await printSdl(schema));
