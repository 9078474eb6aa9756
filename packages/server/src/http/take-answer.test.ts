import { describe, expect, it } from 'vitest';
import { takeAnswer } from './take-answer.ts';

const ANSWER = { jsonrpc: '2.0', id: 'tasked:t_1:aw:signed', result: { action: 'accept' } };

/** Takes everything, and remembers it. */
function taker() {
  const taken: unknown[] = [];
  const takeAnswerOf = async (message: unknown) => taken.push(message) > 0;
  return { taken, server: { takeAnswer: takeAnswerOf } };
}

function post(body: string, headers: Record<string, string> = {}): Request {
  return new Request('http://localhost/mcp', { method: 'POST', body, headers });
}

describe('an answer to a question', () => {
  it.each([{}, { 'content-length': '90' }])(
    'is taken, whether or not its length was told: %o',
    async (headers) => {
      const { taken, server } = taker();
      const response = await takeAnswer(post(JSON.stringify(ANSWER), headers), 'ann', server);
      expect(response?.status).toBe(202);
      expect(taken).toEqual([ANSWER]);
    },
  );

  it('is none when it is long, and the request is still there to be read', async () => {
    const { taken, server } = taker();
    const body = JSON.stringify({ ...ANSWER, result: 'x'.repeat(2 * 1_048_576) });
    const request = post(body);
    expect(await takeAnswer(request, 'ann', server)).toBeNull();
    expect(await takeAnswer(post(body, { 'content-length': '2097300' }), 'ann', server)).toBeNull();
    expect(taken).toEqual([]);
    expect(await request.text()).toBe(body);
  });
});
