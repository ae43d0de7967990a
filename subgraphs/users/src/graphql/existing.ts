/** What a foreign key says is there. */
export function existing<Row>(row: Row | null): Row {
  if (row === null) throw new Error('a row that is referred to is not there');
  return row;
}
