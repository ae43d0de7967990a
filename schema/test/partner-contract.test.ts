import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { expect, test } from 'vitest';

const read = (file: string) => buildSchema(readFileSync(join(import.meta.dirname, '..', file), 'utf8'));

/** Everything that a client of a schema can come to from its roots: types, fields, arguments, inputs. */
function walk(schema: GraphQLSchema): { types: Set<string>; coordinates: Set<string> } {
  const types = new Set<string>();
  const coordinates = new Set<string>();
  const visit = (type: GraphQLNamedType): void => {
    if (types.has(type.name)) return;
    types.add(type.name);
    if (isAbstractType(type)) schema.getPossibleTypes(type).forEach(visit);
    if (isEnumType(type)) for (const { name } of type.getValues()) coordinates.add(`${type.name}.${name}`);
    if (isObjectType(type) || isInterfaceType(type)) {
      type.getInterfaces().forEach(visit);
      for (const field of Object.values(type.getFields())) {
        coordinates.add(`${type.name}.${field.name}`);
        visit(getNamedType(field.type));
        for (const argument of field.args) {
          coordinates.add(`${type.name}.${field.name}(${argument.name}:)`);
          visit(getNamedType(argument.type));
        }
      }
    }
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) {
        coordinates.add(`${type.name}.${field.name}`);
        visit(getNamedType(field.type));
      }
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    if (root != null) visit(root);
  return { types, coordinates };
}

/** What partners may come to. Whoever adds to it has asked: can a person be known, or found, by this? */
const partnersMaySee: Readonly<Record<string, readonly string[]>> = {
  Query: ['insuranceProduct', 'insuranceProducts', 'partnerApp'],
  Mutation: ['createApiKey', 'rotateApiKey', 'revokeApiKey'],
  InsuranceProduct: [
    'id',
    'code',
    'version',
    'name',
    'insurer',
    'ageMin',
    'ageMax',
    'regions',
    'documents',
    'exclusions',
    'questions',
    'coolingOffDays',
  ],
  InsuranceProductConnection: ['edges', 'nodes', 'pageInfo'],
  InsuranceProductEdge: ['cursor', 'node'],
  ProductDocument: ['title', 'text', 'sha256'],
  ProductQuestion: ['key', 'text', 'kind', 'choices', 'required'],
  QuestionKind: ['YES_NO', 'NUMBER', 'CHOICE', 'TEXT', 'DATE'],
  Organisation: ['id', 'name', 'kinds', 'verifiedAt'],
  OrganisationKind: ['CHARITY', 'HOSPITAL', 'MERCHANT', 'INSURER', 'COMPANY', 'PARTNER'],
  PartnerApp: ['id', 'name', 'scopes', 'sandbox', 'organisation', 'keys'],
  ApiKey: ['id', 'prefix', 'scopes', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'],
  ApiKeyPayload: ['secret', 'key', 'userErrors'],
  CreateApiKeyInput: ['appId', 'scopes', 'expiresAt', 'idempotencyKey'],
  RotateApiKeyInput: ['keyId', 'overlapHours', 'idempotencyKey'],
  RevokeApiKeyInput: ['keyId'],
  UserError: ['message', 'field'],
  UsersUserError: ['code', 'message', 'field'],
  // Said by other mutations, too: words, not people.
  UsersErrorCode: [
    'INVALID_INPUT',
    'NOT_FOUND',
    'FORBIDDEN',
    'RATE_LIMITED',
    'CODE_WRONG',
    'CODE_EXPIRED',
    'TOO_MANY_ATTEMPTS',
    'TOKEN_REUSED',
    'NAME_ID_MISMATCH',
    'ALREADY_VERIFIED_ELSEWHERE',
    'IDEMPOTENCY_KEY_REUSED',
  ],
  PageInfo: ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'],
  // Scalars have nothing below them.
  DateTime: [],
  ID: [],
  String: [],
  Int: [],
  Boolean: [],
};
const partnersMaySay = [
  ...['createApiKey', 'rotateApiKey', 'revokeApiKey'].map((name) => `Mutation.${name}(input:)`),
  ...['after', 'age', 'first', 'regionCode'].map((name) => `Query.insuranceProducts(${name}:)`),
  ...['code', 'version'].map((name) => `Query.insuranceProduct(${name}:)`),
];

/** Types of the graph that are a person, or hold what is told of one. */
const people = [
  'User',
  'Viewer',
  'PersonForService',
  'Relative',
  'MaskedString',
  'Donation',
  'PublicDonation',
  'Policy',
];

const partner = walk(read('contracts/partner.graphql'));

test('whatever way a partner goes through the graph, it stays within what partners may see', () => {
  const allowed = Object.entries(partnersMaySee).flatMap(([type, fields]) =>
    fields.map((field) => `${type}.${field}`),
  );
  expect([...partner.types].sort()).toEqual(Object.keys(partnersMaySee).sort());
  expect([...partner.coordinates].sort()).toEqual([...allowed, ...partnersMaySay].sort());
});

test('no way leads a partner to a person, while staff come to each of them', () => {
  const internal = walk(read('contracts/internal.graphql'));
  for (const person of people) {
    expect(internal.types, `${person} is still the name of something in the graph`).toContain(person);
    expect(partner.types).not.toContain(person);
  }
});

test('what the public and partners see is part of what staff see, and not all of it', () => {
  const internal = walk(read('contracts/internal.graphql')).coordinates;
  const everybody = walk(read('contracts/public.graphql')).coordinates;
  expect([...everybody].filter((each) => !internal.has(each))).toEqual([]);
  expect([...partner.coordinates].filter((each) => !internal.has(each))).toEqual([]);
  expect([...internal].filter((each) => !everybody.has(each))).toContain('Query.personForService');
});
