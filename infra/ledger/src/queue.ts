/** Rows that wait for their lane, by book. Fair between books: who was served goes to the end. */
export class BookQueue<Row extends { readonly book: string }> {
  readonly #books = new Map<string, Set<Row>>();
  #rows = 0;

  /** How many rows wait. */
  get rows(): number {
    return this.#rows;
  }

  add(row: Row): void {
    let waiting = this.#books.get(row.book);
    if (!waiting) this.#books.set(row.book, (waiting = new Set()));
    waiting.add(row);
    this.#rows += 1;
  }

  /** Takes a row out again; false when it has left already. */
  remove(row: Row): boolean {
    const waiting = this.#books.get(row.book);
    if (!waiting?.delete(row)) return false;
    if (waiting.size === 0) this.#books.delete(row.book);
    this.#rows -= 1;
    return true;
  }

  /** The next batch: at most `maxRows` rows of at most `maxBooks` books, each book's in the order they came. */
  take(maxRows: number, maxBooks: number): Row[] {
    const batch: Row[] = [];
    const served: [string, Set<Row>][] = [];
    for (const [book, waiting] of this.#books) {
      if (batch.length >= maxRows || served.length >= maxBooks) break;
      for (const row of waiting) {
        if (batch.length >= maxRows) break;
        batch.push(row);
        waiting.delete(row);
      }
      served.push([book, waiting]);
    }
    for (const [book, waiting] of served) {
      this.#books.delete(book);
      if (waiting.size > 0) this.#books.set(book, waiting);
    }
    this.#rows -= batch.length;
    return batch;
  }
}
