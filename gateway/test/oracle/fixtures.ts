/** A small graph cut into subgraphs: the names stand for the features of federation that it uses. */
export interface Fixture {
  name: string;
  subgraphs: Readonly<Record<string, string>>;
  /** Levels of the operations; an interface object makes plans of deep ones take seconds. */
  maxDepth: number;
  /** Its share of the operations. */
  share: number;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires",
  "@provides", "@external", "@shareable", "@override", "@inaccessible", "@interfaceObject", "@context", "@fromContext"])`;

/** Compound, nested and multiple keys, requires, provides, override, shareable, inaccessible, unions, lists of lists. */
const shop: Fixture = {
  name: 'shop',
  share: 0.6,
  maxDepth: 4,
  subgraphs: {
    products: `${link}
      type Query { product(id: ID!): Product  products(first: Int = 3): [Product!]!  shelves: [[Product]]  grid: [[Product!]!]!
        search(text: String): [Found!]  node(kind: String): Node }
      type Mutation { rename(id: ID!, name: String!): Product  restock(input: Restock): RestockPayload! }
      input Restock { id: ID!, amount: Int = 1, tags: [String!] }
      type RestockPayload { product: Product! count: Int  query: Query }
      interface Node { id: ID! name: String }
      union Found = Product | Maker
      enum Size { SMALL BIG HIDDEN @inaccessible }
      type Product implements Node @key(fields: "id") @key(fields: "sku maker { id }") {
        id: ID!  sku: ID!  name: String  size: Size  price: Int!  dimensions: Dimensions  maker: Maker!  related: [Product]
        secret: String @inaccessible  tagline(style: String, times: Int = 1): String }
      type Dimensions @shareable { width: Int  height: Int! unit: String }
      type Maker implements Node @key(fields: "id") { id: ID!  name: String  products(max: Int): [Product!] }`,
    reviews: `${link}
      type Query { latest: [Review]  topReview: Review }
      type Mutation { review(sku: ID!): Review }
      type Review @key(fields: "id") { id: ID!  text: String  stars: Int!  product: Product  author: User @provides(fields: "nick")
        about: Subject }
      union Subject = Product | User
      type Product @key(fields: "sku maker { id }") { sku: ID!  maker: Maker!  reviews(first: Int): [Review!]  score: Float }
      type Maker @key(fields: "id", resolvable: false) { id: ID! }
      type User @key(fields: "id") { id: ID!  nick: String @external  reviews: [Review]  favourite: Product }`,
    users: `${link}
      type Query { me: User  users: [User!] }
      type User @key(fields: "id") { id: ID!  nick: String @shareable  email: String!  home: Place @shareable  friends: [User!] }
      type Place @shareable { street: String  town: String! }`,
    delivery: `${link}
      type Product @key(fields: "id") { id: ID!  price: Int! @external  secret: String @external  dimensions: Dimensions @external
        cost: Int @requires(fields: "price secret")  box: Box @requires(fields: "dimensions { width height }")
        weight: Int @override(from: "stock") }
      type Dimensions @shareable { width: Int  height: Int! }
      type Box { label: String!  volume: Int  product: Product }
      type User @key(fields: "id") { id: ID!  home: Place @shareable  late: Boolean }
      type Place @shareable { street: String  town: String! }`,
    stock: `${link}
      type Product @key(fields: "id") { id: ID!  weight: Int  amount: Int  rack: [[Slot!]]
        colour: String @override(from: "paint", label: "percent(50)") }
      type Slot { row: Int!  column: Int  holds: Product }`,
    paint: `${link}
      type Product @key(fields: "id") { id: ID!  colour: String  gloss: Float }
      type Query { shade: Product  amounts: [Float!] }`,
  },
};

/** An entity interface, an interface object on it, and fields required through it. */
const library: Fixture = {
  name: 'library',
  share: 0.1,
  maxDepth: 2,
  subgraphs: {
    catalogue: `${link}
      type Query { media: [Media]  book(id: ID!): Book  shelf: Shelf }
      type Shelf { top: Media!  all: [Media!]  byName(name: String): Media }
      interface Media @key(fields: "id") { id: ID!  title: String  pages: Int }
      type Book implements Media @key(fields: "id") { id: ID!  title: String  pages: Int  isbn: String!  author: Person }
      type Film implements Media @key(fields: "id") { id: ID!  title: String  pages: Int  minutes: Int  cast: [Person!] }
      type Atlas implements Media @key(fields: "id") { id: ID!  title: String  pages: Int  maps: Int! }
      type Person @key(fields: "id") { id: ID!  name: String }`,
    ratings: `${link}
      type Query { best: Media }
      type Media @interfaceObject @key(fields: "id") { id: ID!  stars: Float  ratings: [Rating]  pages: Int @external
        effort: String @requires(fields: "pages")  free: Boolean! }
      type Rating { value: Int!  by: Person  about: Media }
      type Person @key(fields: "id", resolvable: false) { id: ID! }`,
  },
};

/** Abstract types whose members disagree, members that clients do not know, and values that several subgraphs share. */
const zoo: Fixture = {
  name: 'zoo',
  share: 0.3,
  maxDepth: 4,
  subgraphs: {
    animals: `${link}
      type Query { animals: [Animal]  any: Living  first: Animal!  pairs: [[Living!]] }
      interface Animal { id: ID!  name: String  keeper: Keeper }
      union Living = Dog | Cat | Yeti | Plant
      type Dog implements Animal @key(fields: "id") { id: ID!  name: String  keeper: Keeper  sound: String  age: Int }
      type Cat implements Animal @key(fields: "id") { id: ID!  name: String  keeper: Keeper  sound: Int  age: Int! }
      type Yeti implements Animal @key(fields: "id") @inaccessible { id: ID!  name: String  keeper: Keeper }
      type Plant @key(fields: "id") { id: ID!  sound: [String]  height: Float }
      type Keeper @key(fields: "id") @key(fields: "badge { number }") { id: ID!  badge: Badge!  name: String! }
      type Badge @shareable { number: ID!  issued: String }`,
    health: `${link}
      type Query { sick: [Patient!] }
      interface Patient { id: ID!  weight: Int }
      type Dog implements Patient @key(fields: "id") { id: ID!  weight: Int  vet: Keeper  note: Note }
      type Cat implements Patient @key(fields: "id") { id: ID!  weight: Int  vet: Keeper!  note: Note! }
      type Plant @key(fields: "id") { id: ID!  note: Note }
      type Note { text: String  at: Stamp }
      type Stamp @shareable { day: Int  zone: String }
      type Keeper @key(fields: "badge { number }") { badge: Badge!  trained: Boolean  rota: [[Stamp]] }
      type Badge @shareable { number: ID! }`,
  },
};

export const fixtures: readonly Fixture[] = [shop, library, zoo];

/** Arguments that come from objects above: the stock gateway does not know them. */
export const withContext: Fixture = {
  name: 'context',
  share: 0,
  maxDepth: 4,
  subgraphs: {
    people: `${link}
      type Query { people: [Person!]! }
      type Person @key(fields: "id") @context(name: "person") { id: ID!  currency: String!  accounts: [Account!]! }
      type Account @key(fields: "id") { id: ID!  balance(currency: String @fromContext(field: "$person { currency }")): String }`,
    names: `${link}
      type Person @key(fields: "id") { id: ID!  name: String }`,
  },
};

/** Names of the types that have a key in one of the subgraphs. */
export function entitiesOf(fixture: Fixture): ReadonlySet<string> {
  const text = Object.values(fixture.subgraphs).join('\n');
  return new Set([...text.matchAll(/(?:type|interface) (\w+)[^{]*@key/g)].map(([, name = '']) => name));
}
