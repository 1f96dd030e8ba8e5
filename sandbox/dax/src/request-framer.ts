/** Cuts the byte stream of one connection into its preamble and requests, however the bytes arrive. */
import { CborReader } from './cbor-reader.ts';
import { CborScan } from './cbor-scan.ts';
import type { Method } from './core.ts';
import { DaxNodeError, malformed } from './dax-node-error.ts';
import { METHODS } from './methods.ts';

const MAGIC = Buffer.from([0x67, ...Buffer.from('J7yne5G')]);
const MAGIC_AND_VERSION = 2;
const REST_OF_PREAMBLE = 3; // session, headers, client mode
const VERSION_BARE = 0;
const VERSION_FRAMED = 1;
const SERVICE_ID = 1;
const EMPTY = Buffer.alloc(0);
const FIRST_CAPACITY_BYTES = 4096;

export interface Frame {
  readonly method: Method;
  /** At the first argument; its bytes stay valid as long as somebody holds them. */
  readonly reader: CborReader;
}

export class RequestFramer {
  /** What the client calls itself; known after the preamble. */
  userAgent = '';
  /** Whether the client expects its responses in frames; known after the preamble. */
  framed = false;
  readonly #bytesMax: number;
  readonly #scan = new CborScan();
  #phase: 'version' | 'preamble' | 'header' | 'arguments' = 'version';
  #method: Method | undefined;
  #argumentsAt = 0;
  #buffer: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  /** Whether the buffer is ours to append to; a chunk from the socket is not. */
  #owned = false;

  /** @param bytesMax size of the largest request */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#scan.expect(MAGIC_AND_VERSION);
  }

  /** Bytes that belong to no finished request yet. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  get preambleSeen(): boolean {
    return this.#phase !== 'version' && this.#phase !== 'preamble';
  }

  push(chunk: Buffer): void {
    if (this.#start === this.#end) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    if (!this.#owned || this.#buffer.length - this.#end < chunk.length) this.#grow(chunk.length);
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /**
   * @returns the next whole request; undefined until more bytes come
   * @throws {DaxNodeError} `STREAM_MALFORMED`, `STREAM_TOO_LARGE`, `VERSION_UNKNOWN`: close the connection
   */
  next(): Frame | undefined {
    if (this.#phase === 'version') this.#checkMagic();
    while (this.#scan.run(this.#buffer, this.#start, this.#end)) {
      const end = this.#start + this.#scan.position;
      if (this.#phase === 'arguments') {
        const frame = { method: this.#method as Method, reader: new CborReader(this.#buffer, this.#argumentsAt, end) };
        this.#advance(end);
        return frame;
      }
      if (this.#phase === 'version') {
        this.#readVersion(new CborReader(this.#buffer, this.#start, end));
      } else if (this.#phase === 'preamble') {
        this.#readPreamble(new CborReader(this.#buffer, this.#start, end));
        this.#advance(end);
      } else this.#readHeader(new CborReader(this.#buffer, this.#start, end), end);
    }
    if (this.#scan.position > this.#bytesMax || this.pendingBytes > this.#bytesMax) {
      throw new DaxNodeError('STREAM_TOO_LARGE', `a request of more than ${this.#bytesMax} bytes`);
    }
    return undefined;
  }

  #readHeader(reader: CborReader, end: number): void {
    if (reader.readInteger() !== SERVICE_ID) throw malformed('an unknown service');
    const id = reader.readInteger();
    this.#method = METHODS.get(id);
    // without the number of its arguments nobody knows where the next request starts
    if (this.#method === undefined) throw malformed(`unknown method ${id}`);
    this.#argumentsAt = end;
    this.#phase = 'arguments';
    this.#scan.expect(this.#method.argumentCount);
  }

  /** Decided before the rest has come: what follows a version that nobody knows may have any length. */
  #readVersion(reader: CborReader): void {
    reader.readText(); // the magic
    const version = reader.readInteger();
    if (version !== VERSION_BARE && version !== VERSION_FRAMED) {
      throw new DaxNodeError(
        'VERSION_UNKNOWN',
        `preamble version ${version} is unknown: this node speaks ${VERSION_BARE} (JavaScript, Python and Go clients) and ${VERSION_FRAMED} (Java client)`,
      );
    }
    this.framed = version === VERSION_FRAMED;
    this.#phase = 'preamble';
    this.#scan.expect(REST_OF_PREAMBLE);
  }

  #readPreamble(reader: CborReader): void {
    reader.readText(); // the magic
    reader.skip(); // version
    reader.skip(); // session: bytes, text or null, by client
    reader.readMap(() => {
      const name = reader.readText();
      if (name === 'UserAgent') this.userAgent = reader.readText();
      else reader.skip();
    });
  }

  #checkMagic(): void {
    const seen = Math.min(MAGIC.length, this.#end - this.#start);
    if (this.#buffer.compare(MAGIC, 0, seen, this.#start, this.#start + seen) !== 0) throw malformed('no DAX client');
  }

  #advance(end: number): void {
    this.#start = end;
    this.#phase = 'header';
    this.#scan.reset();
    this.#scan.expect(2);
    if (this.#start === this.#end) {
      this.#buffer = EMPTY; // an idle connection holds no memory
      this.#start = 0;
      this.#end = 0;
    }
  }

  /** Into a new buffer, never within the old one: a request under way may still look at it. */
  #grow(bytes: number): void {
    const pending = this.pendingBytes;
    const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_CAPACITY_BYTES, (pending + bytes) * 2));
    this.#buffer.copy(larger, 0, this.#start, this.#end);
    if (this.#phase === 'arguments') this.#argumentsAt -= this.#start;
    this.#buffer = larger;
    this.#start = 0;
    this.#end = pending;
    this.#owned = true;
  }
}
