const LIST = /^export (type )?\{([^}]*)\} from '[^']*';$/gm;

/**
 * The names that a declaration file exports; types have `type ` before them. Throws when it holds anything
 * but lists of named exports.
 */
export function declaredExports(declarations: string): readonly string[] {
  const others = declarations.replace(LIST, '').trim();
  if (others !== '') throw new Error(`not a list of named exports: ${others}`);
  return [...declarations.matchAll(LIST)].flatMap(([, type = '', names = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => type + name),
  );
}
