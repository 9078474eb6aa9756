import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isObject } from '../is-object.ts';
import { isToolResult, type ToolResultJson } from './tool-result-json.ts';

/** Largest result of a tool, in bytes of JSON: as for results of tasks of the protocol. */
const MAX_RESULT_BYTES = 4 * 1024 * 1024;

/** Judges what a tool returned: a result must carry structured content where the tool has a schema of its output. */
export function returnedSchema(output: StandardSchemaV1 | undefined): StandardSchemaV1 {
  return {
    '~standard': { version: 1, vendor: 'tasked', validate: (value) => judge(value, output) },
  };
}

async function judge(
  returned: unknown,
  output: StandardSchemaV1 | undefined,
): Promise<StandardSchemaV1.Result<unknown>> {
  if (returned === undefined) {
    return flaw('it is undefined; return what the tool is to answer, null for nothing');
  }
  const bytes = bytesOf(returned);
  if (bytes > MAX_RESULT_BYTES) {
    const advice = 'write it to a file, and return where it is';
    return flaw(
      `it has ${bytes} bytes of JSON, at most ${MAX_RESULT_BYTES} are answered: ${advice}`,
    );
  }
  if (output === undefined) return { value: returned };
  if (isToolResult(returned)) return await judgeResult(returned, output);
  const judged = await output['~standard'].validate(returned);
  if (judged.issues !== undefined || isObject(judged.value)) return judged;
  return flaw('the schema makes no object of it');
}

async function judgeResult(
  result: ToolResultJson,
  output: StandardSchemaV1,
): Promise<StandardSchemaV1.Result<unknown>> {
  // An error is text alone: clients check structured content against the schema of a success.
  if (result.isError === true && result.structuredContent === undefined) return { value: result };
  const judged = await output['~standard'].validate(result.structuredContent);
  if (judged.issues === undefined) {
    return { value: { ...result, structuredContent: judged.value } };
  }
  const issues = judged.issues.map((issue) => ({
    ...issue,
    path: ['structuredContent', ...(issue.path ?? [])],
  }));
  return { issues };
}

/** 0 for what is no JSON: the engine says why. */
function bytesOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? '');
  } catch {
    return 0;
  }
}

function flaw(message: string): StandardSchemaV1.FailureResult {
  return { issues: [{ message }] };
}
