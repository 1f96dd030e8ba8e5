/** What clients ask before and between data operations: who serves, what the keys are, which names an id stands for. */
import { isIPv6 } from 'node:net';
import { AnswerError } from './answer-error.ts';
import { success } from './answers.ts';
import { TAG_STRING_SET } from './attribute-value.ts';
import { type CborReader, MAJOR_TAG } from './cbor-reader.ts';
import type { Answer, Caller, Core, Method } from './core.ts';
import { readTableName } from './core.ts';
import { malformed } from './dax-node-error.ts';
import { claimedScope } from './scope.ts';

const ROLE_LEADER = 1; // one client does not start without a leader
const LEADER_SESSION_ID = 7; // must not change while the node lives

/** Never answered: an answer would shift all later ones by one. Any signature is taken; what it names is used. */
export const authorizeConnection: Method = {
  name: 'authorizeConnection',
  argumentCount: 5,
  answer(_core: Core, reader: CborReader, caller: Caller): Answer {
    const accessKeyId = reader.readText();
    reader.readText(); // the signature
    caller.authorized(claimedScope(accessKeyId, reader.readBytes().toString('utf8')));
    return undefined; // what is left are the session token and the client's name
  },
};

export const endpoints: Method = {
  name: 'endpoints',
  argumentCount: 0,
  answer(_core: Core, _reader: CborReader, { address, port }: Caller): Answer {
    // exactly these seven fields: one client fails on a missing one, another loses its place at an unknown one
    return success()
      .arrayHeader(1)
      .mapHeader(7)
      .integer(0)
      .integer(0)
      .integer(1)
      .text(address)
      .integer(2)
      .bytes(addressBytes(address))
      .integer(3)
      .integer(port)
      .integer(4)
      .integer(ROLE_LEADER)
      .integer(5)
      .text('local-1a')
      .integer(6)
      .integer(LEADER_SESSION_ID)
      .finish();
  },
};

export const defineKeySchema: Method = {
  name: 'defineKeySchema',
  argumentCount: 1,
  answer(core: Core, reader: CborReader): Answer {
    return core.schemas.current(readTableName(reader)).then(({ hash, range }) => {
      // hash first: order is how clients tell the two apart
      const writer = success().mapHeader(range === undefined ? 1 : 2);
      writer.text(hash.name).text(hash.type);
      if (range !== undefined) writer.text(range.name).text(range.type);
      return writer.finish();
    });
  },
};

export const defineAttributeListId: Method = {
  name: 'defineAttributeListId',
  argumentCount: 1,
  answer(core: Core, reader: CborReader): Answer {
    const names: string[] = [];
    // the Java client marks the list as a string set
    if (reader.peekMajor() === MAJOR_TAG && reader.readTag() !== TAG_STRING_SET) throw malformed('an unknown tag');
    reader.readArray(() => names.push(reader.readText()));
    return success(16).integer(core.lists.idOf(names)).finish();
  },
};

export const defineAttributeList: Method = {
  name: 'defineAttributeList',
  argumentCount: 1,
  answer(core: Core, reader: CborReader): Answer {
    const id = reader.readInteger();
    const names = core.lists.namesOf(id);
    if (names === undefined)
      throw new AnswerError('ValidationException', `attribute list ${id} is unknown to this node`);
    const writer = success().arrayHeader(names.length);
    for (const name of names) writer.text(name);
    return writer.finish();
  },
};

/** 4 or 16 bytes; clients connect to these, not to the name. */
export function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const groups = [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}
