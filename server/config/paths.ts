import { z } from "zod";

/** Marks a key as a path, which is meant from the config file's folder on. */
const paths = z.registry<{ readonly isPath: true }>();

/** A path in a plugin's config. */
export function configPath(): z.ZodString {
  return z.string().min(1).register(paths, { isPath: true });
}

/**
 * What a plugin's config says, with its paths as they are from here.
 *
 * @param pathOf a path of the file
 */
export function withPaths(schema: unknown, value: unknown, pathOf: (path: string) => string): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return withPaths(schema.unwrap(), value, pathOf);
  }
  if (typeof value === "string") return isPath(schema) ? pathOf(value) : value;
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((each: unknown) => withPaths(schema.element, each, pathOf));
  }
  if (!(schema instanceof z.ZodObject) || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, each]) => [key, withPaths(schema.shape[key], each, pathOf)]));
}

function isPath(schema: unknown): boolean {
  return schema instanceof z.ZodString && paths.get(schema)?.isPath === true;
}
