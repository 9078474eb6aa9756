import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyJson } from './mutated-json.ts';
import { HANDSHAKE, LEAK, request, Wire } from './wire.ts';

const bytes = (min: number, max: number) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((array) => Buffer.from(array));

/** Something like a message, which may or may not be one. */
const anyMessage: fc.Arbitrary<unknown> = fc.oneof(
  anyJson,
  fc.record(
    {
      jsonrpc: fc.constantFrom('2.0', '1.0', 2),
      id: fc.oneof(anyJson, fc.integer({ min: 0, max: 5 })),
      method: fc.oneof(
        fc.constantFrom('tools/list', 'tools/call', 'ping', 'initialize', 'server/discover'),
        fc.constantFrom('notifications/cancelled', 'notifications/initialized', 'logging/setLevel'),
        fc.string(),
      ),
      params: anyJson,
      result: anyJson,
      error: anyJson,
    },
    { requiredKeys: [] },
  ),
);

/** What a stream may carry between two messages. */
const anyPiece: fc.Arbitrary<Buffer> = fc.oneof(
  bytes(0, 300),
  anyMessage.map((message) => Buffer.from(JSON.stringify(message) ?? '')),
  fc.array(anyMessage, { maxLength: 5 }).map((batch) => Buffer.from(JSON.stringify(batch))),
  anyMessage.chain((message) => {
    const text = Buffer.from(JSON.stringify(message) ?? '');
    return fc.nat(text.length).map((cut) => text.subarray(0, cut));
  }),
  fc.integer({ min: 1, max: 50_000 }).map((depth) => Buffer.from('[{"a":'.repeat(depth))),
  fc.integer({ min: 1, max: 300_000 }).map((length) => Buffer.alloc(length, 0xc3)),
  fc
    .constantFrom('\ufeff{}', '\r\n\r\n', '\n\n', '\0', 'Content-Length: 3', 'GET / HTTP/1.1')
    .map((text) => Buffer.from(text)),
);

/** Writes `all` in pieces of these sizes, over and over. */
function writeSplit(wire: Wire, all: Buffer, sizes: readonly number[]): void {
  let at = 0;
  for (let turn = 0; at < all.length; turn++) {
    const size = all.length > 5_000 ? 4_096 : (sizes[turn % sizes.length] ?? 1);
    wire.input.write(all.subarray(at, at + size));
    at += size;
  }
}

const splits = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe('whatever comes in, the server goes on and tells nothing of the inside', () => {
  it('line by line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPiece, { maxLength: 6 }), splits, async (pieces, sizes) => {
        const wire = new Wire();
        wire.input.write(`${HANDSHAKE.join('\n')}\n`);
        await wire.answered('hello');
        const noise = pieces.flatMap((piece) => [piece, Buffer.from('\n')]);
        writeSplit(wire, Buffer.concat(noise), sizes);
        wire.input.write(`${request('last', 'tools/list')}\n`);
        expect((await wire.answered('last')).error).toBeUndefined();
        expect(wire.received).not.toMatch(LEAK);
        expect(wire.errors).toEqual([]);
        await wire.stdio.close();
      }),
      { numRuns: 150 },
    );
  });

  it('before it says hello', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPiece, { maxLength: 3 }), splits, async (pieces, sizes) => {
        const wire = new Wire();
        writeSplit(wire, Buffer.concat(pieces), sizes);
        wire.input.end('\n');
        await wire.stdio.ended;
        await wire.stdio.close();
        expect(wire.received).not.toMatch(LEAK);
        expect(wire.errors).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('with headers, right and wrong', async () => {
    const off = fc.oneof(fc.constant(0), fc.integer({ min: -50, max: 50 }), fc.constant(1e11));
    const framed = fc.tuple(anyPiece, off).map(([piece, more]) => {
      const length = Math.max(0, piece.length + more);
      return Buffer.concat([Buffer.from(`Content-Length: ${length}\r\n\r\n`), piece]);
    });
    const noise = fc.array(fc.oneof(framed, bytes(0, 100)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(noise, splits, async (pieces, sizes) => {
        const wire = new Wire();
        const write = (text: string) =>
          void wire.input.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
        for (const text of HANDSHAKE) write(text);
        await wire.answered('hello');
        writeSplit(wire, Buffer.concat(pieces), sizes);
        // A length that was too long may swallow some of these, and none of the others.
        for (let index = 0; index < 3; index++) write(request(`lost ${index}`, 'tools/list'));
        write(request('last', 'tools/list'));
        expect((await wire.answered('last')).error).toBeUndefined();
        expect(wire.received).not.toMatch(LEAK);
        expect(wire.errors).toEqual([]);
        await wire.stdio.close();
      }),
      { numRuns: 150 },
    );
  });
});
