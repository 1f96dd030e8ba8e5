/** Optional parameters: a map with small integer keys, in any order and form. */
import type { CborReader } from './cbor-reader.ts';

export type ReturnValues = 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';
export type Select = 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES' | 'COUNT' | 'SPECIFIC_ATTRIBUTES';
export type CapacityDetail = 'TOTAL' | 'INDEXES';

/** What is undefined was not given. Expressions and keys stay bytes until their operation decodes them. */
export interface Kwargs {
  projection?: Buffer;
  consistentRead?: boolean;
  capacity?: CapacityDetail;
  condition?: Buffer;
  collectionMetrics?: boolean;
  returnValues?: ReturnValues;
  update?: Buffer;
  startKey?: Buffer;
  filter?: Buffer;
  indexName?: string;
  limit?: number;
  forward?: boolean;
  select?: Select;
  segment?: number;
  totalSegments?: number;
  clientRequestToken?: string;
  /**
   * Names that the app gave under a placeholder; every other one stands in an expression as it is. Only the Python client says so,
   * where there are placeholders at all; of the others nobody can tell.
   */
  namedByPlaceholder?: Set<string>;
}

const RETURN_VALUES: readonly (ReturnValues | undefined)[] = [
  undefined,
  'NONE',
  'ALL_OLD',
  'UPDATED_OLD',
  'ALL_NEW',
  'UPDATED_NEW',
];
const SELECTS: readonly (Select | undefined)[] = [
  undefined,
  'ALL_ATTRIBUTES',
  'ALL_PROJECTED_ATTRIBUTES',
  'COUNT',
  'SPECIFIC_ATTRIBUTES',
];
const CAPACITIES: readonly (CapacityDetail | undefined)[] = [undefined, 'TOTAL', 'INDEXES'];

export function readKwargs(reader: CborReader): Kwargs {
  const kwargs: Kwargs = {};
  if (reader.skipNull()) return kwargs;
  reader.readMap(() => {
    const key = reader.readInteger();
    if (!reader.skipNull()) readKwarg(reader, key, kwargs);
  });
  return kwargs;
}

function readKwarg(reader: CborReader, key: number, kwargs: Kwargs): void {
  switch (key) {
    case 0:
      kwargs.projection = reader.readBytes();
      return;
    case 1:
      kwargs.namedByPlaceholder = readNames(reader);
      return;
    case 2:
      kwargs.consistentRead = reader.readFlag(); // a boolean or a number, by method
      return;
    case 3:
      assign(kwargs, 'capacity', CAPACITIES[reader.readInteger()]);
      return;
    case 4:
      kwargs.condition = reader.readBytes(); // one client sends it twice, first as text: the last one counts
      return;
    case 5:
      kwargs.namedByPlaceholder ??= new Set();
      reader.skip(); // values that the expressions hold, too
      return;
    case 6:
      kwargs.collectionMetrics = reader.readInteger() === 1;
      return;
    case 7:
      assign(kwargs, 'returnValues', RETURN_VALUES[reader.readInteger()]);
      return;
    case 8:
      kwargs.update = reader.readBytes();
      return;
    case 9:
      kwargs.startKey = reader.readBytes();
      return;
    case 10:
      kwargs.filter = reader.readBytes();
      return;
    case 11:
      kwargs.indexName = reader.readBytes().toString('utf8');
      return;
    case 13:
      kwargs.limit = reader.readInteger();
      return;
    case 14:
      kwargs.forward = reader.readFlag();
      return;
    case 15:
      assign(kwargs, 'select', SELECTS[reader.readInteger()]);
      return;
    case 16:
      kwargs.segment = reader.readInteger();
      return;
    case 17:
      kwargs.totalSegments = reader.readInteger();
      return;
    case 19:
      kwargs.clientRequestToken = reader.readText();
      return;
    default:
      reader.skip(); // what later clients may add
  }
}

function readNames(reader: CborReader): Set<string> {
  const names = new Set<string>();
  reader.readMap(() => {
    reader.readText(); // the placeholder
    names.add(reader.readText());
  });
  return names;
}

function assign<Name extends keyof Kwargs>(kwargs: Kwargs, name: Name, value: Kwargs[Name] | undefined): void {
  if (value !== undefined) kwargs[name] = value;
}
