/** What a foreign key promises to be there. */
export async function existing<Row>(row: Promise<Row | null>): Promise<Row> {
  const found = await row;
  if (found === null) throw new Error('A row that is pointed at is missing.');
  return found;
}
