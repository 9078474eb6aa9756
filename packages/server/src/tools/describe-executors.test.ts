import { describe, expect, it } from 'vitest';
import { BUILT_IN_EXECUTORS, describeExecutors } from './describe-executors.ts';

const REFERENCE = 'In config and input ${tasks.<id>.output.<path>} becomes the output of a task';

describe('what models are told of executors', () => {
  it('has what each takes and gives', () => {
    const text = describeExecutors(BUILT_IN_EXECUTORS);
    expect(text).toMatch(/^Executors: shell \(config: command; .*\), http \(url; .*\) and noop\. /);
    expect(text).toContain(
      `${REFERENCE} in depends_on: {stdout, stderr, exit_code} of shell, {status, headers, body} of http. `,
    );
    expect(text).toContain(':file}');
  });

  it('is silent about those that there are not', () => {
    expect(describeExecutors(['http', 'noop'])).not.toMatch(/shell|:file|stdout/);
    expect(describeExecutors(['noop'])).toBe(`Executors: noop. ${REFERENCE} in depends_on.`);
  });

  it.each(['render', 'toString'])('tells of %s, which somebody else made, by its name', (type) => {
    expect(describeExecutors([type, 'noop'])).toMatch(`Executors: ${type} and noop. In config`);
  });

  it('says so when there are none', () => {
    expect(describeExecutors([])).toMatch(/^Executors: none\. /);
  });
});
