/** The part of IndexedDB that a lease uses: one store, with transactions one after the other. */
export function createFakeIndexedDb(rows = new Map<string, unknown>()): IDBFactory {
  let last = Promise.resolve();

  const transaction = (): object => {
    const self = { oncomplete: () => undefined, onabort: () => undefined, objectStore: () => store };
    const reading = { result: undefined as unknown, onsuccess: () => undefined };
    let key = '';
    const store = {
      get: (wanted: string) => {
        key = wanted;
        return reading;
      },
      put: (value: unknown, name: string) => rows.set(name, structuredClone(value)),
    };
    last = last.then(() => new Promise<void>(resolve => setImmediate(() => {
      reading.result = rows.get(key);
      reading.onsuccess();
      self.oncomplete();
      resolve();
    })));
    return self;
  };

  return {
    open: () => {
      const opening = { result: { transaction }, onsuccess: () => undefined };
      setImmediate(() => opening.onsuccess());
      return opening;
    },
  } as unknown as IDBFactory;
}
