import type { ClientCapabilities } from '@modelcontextprotocol/server';
import type { JsonObject } from '@tasked/core';

/** True for a request that the client declared to answer. */
export type AcceptsInput = (request: JsonObject) => boolean;

/** Which requests a client with these capabilities can answer; none declared, none accepted. */
export function acceptedBy(capabilities: Partial<ClientCapabilities> | undefined): AcceptsInput {
  const { elicitation, sampling, roots } = capabilities ?? {};
  return ({ method, params }) => {
    switch (method) {
      case 'elicitation/create': {
        if (elicitation === undefined) return false;
        if (modeOf(params) === 'url') return elicitation.url !== undefined;
        // An empty object stands for forms alone (2025-11-25, Elicitation, "Capabilities").
        return elicitation.form !== undefined || elicitation.url === undefined;
      }
      case 'sampling/createMessage':
        return sampling !== undefined;
      case 'roots/list':
        return roots !== undefined;
      default:
        return false;
    }
  };
}

function modeOf(params: JsonObject[string] | undefined): unknown {
  return typeof params === 'object' && params !== null && 'mode' in params ? params.mode : 'form';
}
