/** Gets that one caller asks for in the same turn, as one call: a user's connections move together, and each would be a call of its own. */
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';

interface Waiting {
  readonly key: TableKey;
  readonly resolve: (item: TableItem | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** @returns the table, whose fresh gets are joined where they have the same deadline; all else goes on as it is */
export function joinGets(table: Table): Table {
  const open = new Map<CallOptions['deadline'], Waiting[]>();

  async function ask(deadline: CallOptions['deadline'], waiting: readonly Waiting[]): Promise<void> {
    const options = { deadline, fresh: true };
    const keys = waiting.map(({ key }) => key);
    const [only, ...others] = keys;
    try {
      const isOne = only !== undefined && others.length === 0;
      const items = isOne ? [await table.get(only, options)] : await table.getAll(keys, options);
      const found = new Map(items.map((item) => [item && textOf(item), item]));
      for (const { key, resolve } of waiting) resolve(found.get(textOf(key)));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  return {
    ...table,
    get(key, options) {
      if (options.fresh !== true) return table.get(key, options);
      const { deadline } = options;
      return new Promise((resolve, reject) => {
        const waiting = open.get(deadline);
        if (waiting !== undefined) return void waiting.push({ key, resolve, reject });
        const first = [{ key, resolve, reject }];
        open.set(deadline, first);
        queueMicrotask(() => {
          open.delete(deadline);
          void ask(deadline, first);
        });
      });
    },
  };
}

function textOf({ pk, sk }: TableKey): string {
  return `${pk}\u0000${sk}`;
}
