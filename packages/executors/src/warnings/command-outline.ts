import { scanReferences } from '@tasked/core';
import {
  type AndOr,
  type Command,
  type CommandNode,
  type CompoundCommand,
  type CompoundList,
  type Coproc,
  type Function as FunctionNode,
  forEachChild,
  type If,
  type Pipeline,
  type PipelineNode,
  parse,
  type Redirection,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import { type Invocation, programsOf, wordsOf } from './invocation.ts';

/** What a command does, as far as warnings care. */
export interface CommandOutline {
  readonly source: string;
  readonly invocations: readonly Invocation[];
  /** Pipelines whose exit code counts: no condition, not negated, not part of a word. */
  readonly pipelines: readonly OutlinedPipeline[];
  /** The source of what is put into the background. */
  readonly background: readonly string[];
  /** The source of redirections that only some shells know as such: `&> file`. */
  readonly ambiguousRedirections: readonly string[];
}

/** The commands of a pipeline, in order. */
export interface OutlinedPipeline {
  readonly stages: readonly PipelineStage[];
}

/** One command of a pipeline, simple or not, with everything that it calls. */
export interface PipelineStage {
  readonly source: string;
  readonly invocations: readonly Invocation[];
}

interface Place {
  /** What positions count from. */
  readonly source: string;
  readonly hasInput: boolean;
  readonly isCondition: boolean;
  /** True inside `$(…)`, where nobody sees an exit code. */
  readonly isPartOfWord: boolean;
}

/**
 * Reads a command as bash does, which understands nearly all that other shells do; what it cannot read does
 * nothing. `hasInput` says that its standard input is not empty.
 */
export function outlineOf(source: string, hasInput: boolean): CommandOutline {
  const walk = new OutlineWalk(source);
  const redirectsItself = /\bexec\s+\d*</.test(source);
  const place = {
    source,
    hasInput: hasInput || redirectsItself,
    isCondition: false,
    isPartOfWord: false,
  };
  const { commands, errors = [] } = parse(withVariables(source));
  if (errors.length === 0) walk.statements(commands, place);
  return walk;
}

/** The command with a variable as long as it in the place of each reference, so that positions stay. */
function withVariables(source: string): string {
  let text = source;
  for (const { start, end } of scanReferences(source).references) {
    text = `${text.slice(0, start)}$${'_'.repeat(end - start - 1)}${text.slice(end)}`;
  }
  return text;
}

class OutlineWalk implements CommandOutline {
  readonly source: string;
  readonly invocations: Invocation[] = [];
  readonly pipelines: OutlinedPipeline[] = [];
  readonly background: string[] = [];
  readonly ambiguousRedirections: string[] = [];

  constructor(source: string) {
    this.source = source;
  }

  statements(statements: readonly Statement[], place: Place): void {
    for (const statement of statements) {
      if (statement.background === true) this.background.push(textOf(statement, place));
      if (statement.command.type === 'AndOr') this.#andOr(statement.command, place);
      else this.#pipelineOrCommand(statement.command, place);
    }
  }

  #andOr({ commands, operators }: AndOr, place: Place): void {
    for (const [index, command] of commands.entries()) {
      const after = operators[index] === '||' ? commands[index + 1] : undefined;
      const isCondition = place.isCondition || (after !== undefined && alwaysSucceeds(after));
      this.#pipelineOrCommand(command, { ...place, isCondition });
    }
  }

  #pipelineOrCommand(node: PipelineNode, place: Place): void {
    if (node.type === 'Pipeline') this.#pipeline(node, place);
    else this.#command(node, place);
  }

  #pipeline(pipeline: Pipeline, place: Place): void {
    const stages = pipeline.commands.map((command, index): PipelineStage => {
      const before = this.invocations.length;
      this.#command(command, { ...place, hasInput: place.hasInput || index > 0 });
      return { source: textOf(command, place), invocations: this.invocations.slice(before) };
    });
    const isNegated = pipeline.prefixes.some(({ type }) => type === 'Negation');
    if (stages.length < 2 || isNegated || place.isCondition || place.isPartOfWord) return;
    this.pipelines.push({ stages });
  }

  #command(node: CommandNode, place: Place): void {
    switch (node.type) {
      case 'Command':
        this.#simple(node, place);
        break;
      case 'Redirected':
        this.#redirections(node.redirects, place);
        this.#compound(node.command, afterRedirections(place, node.redirects));
        break;
      case 'Function':
      case 'Coproc':
        this.#body(node.body, { ...place, hasInput: true });
        break;
      default:
        this.#compound(node, place);
    }
  }

  /** A body whose input nobody knows before it is called. */
  #body(body: FunctionNode['body'] | Coproc['body'], place: Place): void {
    if (body.type === 'CompoundList') this.#list(body, place);
    else this.#command(body, place);
  }

  #simple(command: Command, before: Place): void {
    this.#redirections(command.redirects, before);
    const place = afterRedirections(before, command.redirects);
    const { hasInput, isCondition } = place;
    const around = { hasInput, isCondition, source: textOf(command, place) };
    this.invocations.push(...programsOf(wordsOf(command), around));
    this.#substitutions(command, { ...place, isPartOfWord: true });
  }

  #compound(node: CompoundCommand, place: Place): void {
    switch (node.type) {
      case 'If':
        this.#if(node, place);
        break;
      case 'While':
        this.#list(node.clause, { ...place, isCondition: true });
        this.#list(node.body, place);
        break;
      case 'Case':
        for (const { body } of node.items) this.#list(body, place);
        break;
      case 'TestCommand':
      case 'ArithmeticCommand':
        break;
      default:
        this.#list(node.body, place);
    }
  }

  #if(node: If, place: Place): void {
    for (const { clause, then } of [node, ...node.elif]) {
      this.#list(clause, { ...place, isCondition: true });
      this.#list(then, place);
    }
    if (node.else !== undefined) this.#list(node.else, place);
  }

  #list({ commands }: CompoundList, place: Place): void {
    this.statements(commands, place);
  }

  /** Scripts that stand in the words of a command. */
  #substitutions(node: SyntaxNode, place: Place): void {
    forEachChild(node, (child) => {
      if (child.type !== 'Script') this.#substitutions(child, place);
      else this.statements(child.commands, { ...place, source: child.source ?? place.source });
    });
  }

  #redirections(redirections: readonly Redirection[], place: Place): void {
    for (const redirection of redirections) {
      if (!redirection.operator.startsWith('&>')) continue;
      this.ambiguousRedirections.push(textOf(redirection, place));
    }
  }
}

function textOf(
  { pos, end }: { readonly pos: number; readonly end: number },
  { source }: Place,
): string {
  return source.slice(pos, end);
}

function afterRedirections(place: Place, redirections: readonly Redirection[]): Place {
  const givesInput = redirections.some(({ operator }) => operator.startsWith('<'));
  return givesInput ? { ...place, hasInput: true } : place;
}

/** True for what is written after `||` by whoever does not care for a failure. */
function alwaysSucceeds(node: PipelineNode): boolean {
  return node.type === 'Command' && /^(?:true|:|echo|printf)$/.test(node.name?.value ?? '');
}
