import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { tagSdl, type ShownFields } from '@banyan/kit/contracts';
import { Kind, parse, print, visit, type GraphQLSchema, type ObjectTypeDefinitionNode } from 'graphql';

const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@tag", "@composeDirective"])
  @link(url: "https://banyan.invalid/cacheControl/v1.0", import: ["@cacheControl"])
  @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int!) on FIELD_DEFINITION`;
/** What Banyan's subgraphs let the edge keep copies of; totals and gifts are not among it. */
const copied: Readonly<Record<string, readonly string[]>> = {
  User: ['displayName', 'socialTitle', 'trustBand', 'realNameLevel'],
  Circle: ['name', 'theme', 'memberCount', 'stations', 'keeper'],
  Station: ['name', 'instructor', 'hotTopics'],
  InsuranceProduct: ['name', 'agent'],
  MutualAidPlan: ['name', 'memberCount'],
  Campaign: ['supportingCircles', 'supporterOffers'],
};

/** Subgraphs of the shape that Banyan's have, which answer from memory. */
const definitions: Readonly<Record<string, string>> = {
  campaigns: `${link}
    type Query { campaign(slug: String!): Campaign  campaigns(first: Int): [Campaign!]! }
    type Mutation { donate(input: DonateInput!): DonatePayload! }
    input DonateInput { campaignId: ID!, minor: String!, currency: String!, message: String, idempotencyKey: String! }
    type DonatePayload { donation: Donation  totals: Totals  userErrors: [UserError!]! }
    type UserError { code: String!  message: String!  field: [String!] }
    type Money { minor: String!  currency: String! }
    type Totals { raised: Money!  donationCount: Int!  version: Int!  asOf: String! }
    type Donation @key(fields: "id") { id: ID!  amount: Money!  message: String  createdAt: String!  donor: User }
    type Campaign @key(fields: "id") { id: ID!  title: String!  status: String!  goal: Money!  totals: Totals!
      organiser: User  donations(first: Int): [Donation!] }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
  users: `${link}
    type Query { me: User }
    type User @key(fields: "id") { id: ID!  displayName: String  socialTitle: String  trustBand: String  realNameLevel: String }`,
  circles: `${link}
    type Campaign @key(fields: "id") { id: ID!  supportingCircles(first: Int): [Circle!] }
    type Circle @key(fields: "id") { id: ID!  name: String!  theme: String  memberCount: Int!  stations: [Station!]
      keeper: User }
    type Station @key(fields: "id", resolvable: false) { id: ID! }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
  courses: `${link}
    type Station @key(fields: "id") { id: ID!  name: String!  instructor: User  hotTopics(first: Int): [Topic!] }
    type Topic { name: String!  heat: Int!  rank: Int! }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
  insurance: `${link}
    type Campaign @key(fields: "id") { id: ID!  supporterOffers: [Offer!] }
    type Offer { why: String!  offer: Product }
    union Product = InsuranceProduct | MutualAidPlan
    type InsuranceProduct @key(fields: "id") { id: ID!  name: String!  agent: User }
    type MutualAidPlan @key(fields: "id") { id: ID!  name: String!  memberCount: Int! }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
};

/** Writes `@cacheControl` on the fields that may be kept. */
function sdlOf(name: string): string {
  const document = parse(definitions[name] ?? '');
  const directives = parse('type Any { any: Int @cacheControl(maxAge: 60) }')
    .definitions[0] as ObjectTypeDefinitionNode;
  const [mark] = directives.fields?.[0]?.directives ?? [];
  return print(
    visit(document, {
      ObjectTypeDefinition: (type) => ({
        ...type,
        fields: type.fields?.map((field) =>
          mark !== undefined && copied[type.name.value]?.includes(field.name.value) === true
            ? { ...field, directives: [mark] }
            : field,
        ),
      }),
    }),
  );
}

export const subgraphNames = Object.keys(definitions);

const money = { minor: '128800', currency: 'CNY' };
const totals = { raised: money, donationCount: 512, version: 513, asOf: '2026-01-01T00:00:00.000Z' };
const userOf = (number: number) => ({ id: `usr_${number % 6}` });
const several = <Item>(count: number, make: (index: number) => Item) =>
  Array.from({ length: count }, (_item, index) => make(index));
const donation = (index: number) => ({
  id: `don_${index}`,
  amount: money,
  message: 'Get well soon.',
  createdAt: '2026-01-01T00:00:00.000Z',
  donor: userOf(index),
});
const campaign = (index: number) => ({
  id: `cmp_${index}`,
  title: `Campaign ${index}`,
  status: 'LIVE',
  goal: money,
  totals,
  organiser: userOf(index),
  donations: several(5, donation),
});
const numberOf = ({ id }: { id: string }) => Number(id.slice(4));
/** Rows are made once: what is measured is the edge and the way to the resolvers, not what stands behind them. */
const kept = <Item>(make: (number: number) => Item) => {
  const made = new Map<number, Item>();
  return (number: number): Item => {
    const item = made.get(number) ?? make(number);
    made.set(number, item);
    return item;
  };
};
const campaignOf = kept(campaign);
const donated = { donation: donation(1), totals, userErrors: [] };
const circlesOf = kept((number) =>
  several(20, (index) => ({
    id: `cir_${number + index}`,
    name: `Circle ${index}`,
    theme: 'CARE',
    memberCount: 40,
    keeper: userOf(index),
    stations: several(2, (station) => ({ id: `stn_${index + station}` })),
  })),
);
const topics = several(3, (index) => ({ name: `Topic ${index}`, heat: 90, rank: index }));
const offers = [
  { why: 'NEAR', offer: { __typename: 'InsuranceProduct', id: 'prd_1', name: 'Care', agent: userOf(2) } },
  { why: 'NEAR', offer: { __typename: 'MutualAidPlan', id: 'aid_1', name: 'Aid', memberCount: 900 } },
];

const resolvers: Readonly<Record<string, Record<string, Record<string, unknown>>>> = {
  campaigns: {
    Query: {
      campaign: () => campaignOf(1),
      campaigns: (_root: unknown, { first }: { first?: number }) => several(first ?? 20, campaignOf),
    },
    Mutation: { donate: () => donated },
  },
  users: {
    Query: { me: () => userOf(1) },
    User: {
      displayName: (user: { id: string }) => `Person ${user.id}`,
      socialTitle: () => 'Volunteer',
      trustBand: () => 'HIGH',
      realNameLevel: () => 'VERIFIED',
    },
  },
  circles: {
    Campaign: {
      supportingCircles: (each: { id: string }, { first }: { first?: number }) =>
        circlesOf(numberOf(each)).slice(0, first ?? 3),
    },
  },
  courses: {
    Station: {
      name: () => 'Station',
      instructor: (station: { id: string }) => userOf(numberOf(station)),
      hotTopics: () => topics,
    },
  },
  insurance: {
    Campaign: {
      supporterOffers: () => offers,
    },
  },
};

export function makeSubgraphSchema(name: string): GraphQLSchema {
  return buildSubgraphSchema({
    typeDefs: parse(sdlOf(name)),
    resolvers: (resolvers[name] ?? {}) as Record<string, Record<string, never>>,
  });
}

/** Lists all that a subgraph has: everybody sees the whole graph of the bench, by the same way as Banyan's. */
function allOf(sdl: string): ShownFields {
  const types = parse(sdl).definitions.filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION);
  return Object.fromEntries(
    types.map(({ name, fields = [] }) => [name.value, fields.map((field) => field.name.value)]),
  );
}

export function composeGraph(): string {
  const services = subgraphNames.map((name) => {
    const sdl = sdlOf(name);
    const typeDefs = parse(tagSdl(sdl, { public: allOf(sdl), partner: allOf(sdl) }));
    return { name, url: `http://${name}.invalid`, typeDefs };
  });
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'The graph does not compose.');
  return supergraphSdl;
}

/** What is asked, and which subgraph could answer it alone. */
export interface Workload {
  name: string;
  body: { query: string; variables?: Record<string, unknown> };
  alone: string | null;
}

const screen = `query Screen($slug: String!) { campaign(slug: $slug) { id title status goal { minor currency }
  totals { raised { minor currency } donationCount version asOf }
  organiser { displayName socialTitle trustBand realNameLevel }
  donations(first: 5) { amount { minor currency } donor { displayName } message createdAt }
  supportingCircles(first: 3) { name theme memberCount keeper { displayName }
    stations { name instructor { displayName } hotTopics(first: 3) { name heat rank } } }
  supporterOffers { why offer { ... on InsuranceProduct { name agent { displayName } } ... on MutualAidPlan { name memberCount } } } }
  me { displayName } }`;

export const workloads: readonly Workload[] = [
  {
    name: 'donation',
    alone: 'campaigns',
    body: {
      query: `mutation Donate($input: DonateInput!) { donate(input: $input) { donation { id amount { minor currency } message }
        totals { raised { minor currency } donationCount version asOf } userErrors { code message field } } }`,
      variables: {
        input: {
          campaignId: 'cmp_1',
          minor: '2000',
          currency: 'CNY',
          message: 'Get well soon.',
          idempotencyKey: 'a-key-of-36-characters-or-thereabout',
        },
      },
    },
  },
  { name: 'screen', alone: null, body: { query: screen, variables: { slug: 'liu-zhiqiang' } } },
  {
    name: 'list of 20',
    alone: null,
    body: {
      query: `query List { campaigns(first: 20) { id title organiser { displayName } totals { raised { minor currency } }
        supportingCircles(first: 2) { name keeper { displayName } } supporterOffers { why } } }`,
    },
  },
  {
    name: 'anonymous read',
    alone: 'campaigns',
    body: {
      query:
        'query Read { campaign(slug: "a") { id title totals { raised { minor currency } donationCount version } } }',
    },
  },
];
