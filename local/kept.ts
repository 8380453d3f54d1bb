/** What was read from the emulator, kept by its service until something of that service is written. */
export class Kept {
  readonly #values = new Map<string, Map<string, Promise<unknown>>>();

  /** @returns what was read before, or else what `read` reads now; what could not be read is read again the next time */
  of<Value>(service: string, key: string, read: () => Promise<Value>): Promise<Value> {
    const values = this.#values.get(service) ?? new Map<string, Promise<unknown>>();
    this.#values.set(service, values);
    const known = values.get(key);
    if (known !== undefined) {
      return known as Promise<Value>;
    }
    const value = read();
    values.set(key, value);
    value.catch(() => values.delete(key));
    return value;
  }

  forget(service: string): void {
    this.#values.delete(service);
  }
}
