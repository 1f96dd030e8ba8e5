import { describeHistories } from './journal-histories.contract.ts';
import { createMemoryTable } from './memory-table.ts';

const reach = async () => {
  const table = createMemoryTable();
  return { table, cache: table };
};

describeHistories('a table in memory', reach, 250);
