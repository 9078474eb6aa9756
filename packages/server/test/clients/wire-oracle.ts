import * as v1 from '@modelcontextprotocol/ext-tasks/core/v1';
import * as v2 from '@modelcontextprotocol/ext-tasks/core/v2';
import * as sdk from '@modelcontextprotocol/sdk/types.js';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Message, Said } from './recorded-transport.ts';

/** The generation of the protocol that was spoken. */
export type Era = 'legacy' | 'modern';

/** What may be said of one method: the request, and what answers it. */
interface Spoken {
  readonly request: z.ZodType;
  readonly result?: (request: Message) => z.ZodType;
}

const RELATED_TASK = 'io.modelcontextprotocol/related-task';

const related = (taskId: string) =>
  z.looseObject({ [RELATED_TASK]: z.object({ taskId: z.literal(taskId) }) });

/** The schemas of each package are of a zod of its own. */
const of = (schema: unknown) => schema as z.ZodType;

const anyOf = (...schemas: readonly unknown[]) =>
  z.union(schemas.map(of) as [z.ZodType, z.ZodType]);

/** Protocol 2025-11-25: what concerns tasks by `core/v1`, the rest by the schemas of the SDK that speaks it. */
const LEGACY: Readonly<Record<string, Spoken>> = {
  initialize: {
    request: of(sdk.InitializeRequestSchema),
    result: () =>
      z.intersection(
        of(sdk.InitializeResultSchema),
        z.looseObject({ capabilities: of(v1.ServerCapabilitiesV1Schema) }),
      ),
  },
  'notifications/initialized': { request: of(sdk.InitializedNotificationSchema) },
  'notifications/cancelled': { request: of(sdk.CancelledNotificationSchema) },
  'notifications/progress': { request: of(sdk.ProgressNotificationSchema) },
  'tools/list': {
    request: of(sdk.ListToolsRequestSchema),
    result: () => z.looseObject({ tools: z.array(of(v1.ToolV1Schema)) }),
  },
  'tools/call': {
    request: of(v1.CallToolRequestV1Schema),
    result: ({ params }) =>
      of('task' in params ? v1.CreateTaskResultV1Schema : v1.CallToolResultV1Schema),
  },
  'tasks/get': {
    request: of(v1.GetTaskRequestV1Schema),
    result: () => of(v1.GetTaskResultV1Schema),
  },
  'tasks/result': {
    request: of(v1.GetTaskResultRequestV1Schema),
    result: ({ params }) =>
      z.intersection(
        of(v1.CallToolResultV1Schema),
        z.looseObject({ _meta: related(params.taskId) }),
      ),
  },
  'tasks/list': {
    request: of(v1.ListTasksRequestV1Schema),
    result: () => of(v1.ListTasksResultV1Schema),
  },
  'tasks/cancel': {
    request: of(v1.CancelTaskRequestV1Schema),
    result: () => of(v1.CancelTaskResultV1Schema),
  },
  'elicitation/create': {
    request: z.intersection(
      of(sdk.ElicitRequestSchema),
      z.looseObject({
        params: z.looseObject({
          _meta: z.looseObject({ [RELATED_TASK]: z.object({ taskId: z.string() }) }),
        }),
      }),
    ),
    result: () => of(sdk.ElicitResultSchema),
  },
};

/** What a client of 2026-07-28 says of itself with every request. */
const envelope = z.looseObject({
  params: z.looseObject({
    _meta: z.looseObject({
      'io.modelcontextprotocol/protocolVersion': z.literal('2026-07-28'),
      'io.modelcontextprotocol/clientInfo': of(sdk.ImplementationSchema),
      [v2.CLIENT_CAPABILITIES_META_KEY_V2]: z.looseObject({}),
    }),
  }),
});

/** A result of a tool, which is one of this revision also where it stands in a task. */
const gotten = z.intersection(
  of(v2.GetTaskResultV2Schema),
  z.looseObject({ result: of(v2.CallToolResultV2Schema).optional() }),
);

/** Protocol 2026-07-28, by `core/v2`. */
const MODERN: Readonly<Record<string, Spoken>> = {
  'server/discover': {
    request: envelope,
    result: () => z.looseObject({ capabilities: of(v2.ServerTaskCapabilityEnvelopeV2Schema) }),
  },
  'notifications/cancelled': { request: of(sdk.CancelledNotificationSchema) },
  'notifications/progress': { request: of(sdk.ProgressNotificationSchema) },
  'tools/list': {
    request: envelope,
    result: () => z.looseObject({ tools: z.array(of(v2.ToolV2Schema)) }),
  },
  'tools/call': {
    request: z.intersection(envelope, of(v1.CallToolRequestV1Schema)),
    result: () => anyOf(v2.CreateTaskResultV2Schema, v2.CallToolResultV2Schema),
  },
  'tasks/get': {
    request: z.intersection(envelope, of(v2.GetTaskRequestV2Schema)),
    result: () => gotten,
  },
  'tasks/update': {
    request: z.intersection(envelope, of(v2.UpdateTaskRequestV2Schema)),
    result: () => of(v2.UpdateTaskResultV2Schema),
  },
  'tasks/cancel': {
    request: z.intersection(envelope, of(v2.CancelTaskRequestV2Schema)),
    result: () => of(v2.CancelTaskResultV2Schema),
  },
};

const ERAS = { legacy: LEGACY, modern: MODERN } as const;

/** Fails unless every message of both sides is one of the era, whole and well-formed; none passes unlooked at. */
export function expectSpoken(era: Era, journal: readonly Said[]): void {
  expect(journal).not.toEqual([]);
  const flaws = journal.flatMap((said) => flawsOf(ERAS[era], said, journal));
  if (era === 'modern') flaws.push(...withoutResultType(journal));
  expect(flaws).toEqual([]);
}

function flawsOf(
  spoken: Readonly<Record<string, Spoken>>,
  { by, message }: Said,
  journal: readonly Said[],
): readonly unknown[] {
  if (message.jsonrpc !== '2.0') return [{ message, flaw: 'no JSON-RPC' }];
  if ('method' in message) {
    const known = spoken[message.method];
    return known === undefined
      ? [{ message, flaw: 'a method that is not of this era' }]
      : issuesOf(known.request, message, message);
  }
  if ('error' in message) return issuesOf(of(v2.ErrorV2Schema), message.error, message);
  const request = journal.find(
    (said) => said.by !== by && 'method' in said.message && said.message.id === message.id,
  )?.message;
  if (request === undefined) return [{ message, flaw: 'it answers nothing' }];
  const result = spoken[request.method]?.result?.(request);
  return result === undefined
    ? [{ message, flaw: 'it answers what has no answer' }]
    : issuesOf(result, message.result, message);
}

function issuesOf(schema: z.ZodType, value: unknown, message: Message): readonly unknown[] {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : [{ message, flaw: z.prettifyError(error) }];
}

function withoutResultType(journal: readonly Said[]): readonly unknown[] {
  return journal
    .filter(({ by, message }) => by === 'server' && 'result' in message)
    .filter(({ message }) => typeof message.result.resultType !== 'string')
    .map(({ message }) => ({ message, flaw: 'no resultType' }));
}
