// What finding and keeping data asks of the machine: Node and pages answer it, each in a file of its own.
import type { ByteSource } from "../bytes.ts";

/** Where named files can be read: a folder, or an address. */
export interface Place {
  /** For messages: the folder's path, or the address. */
  readonly name: string;
  /** The file's bytes, or undefined where there is no such file. */
  read(file: string): Promise<ByteSource | undefined>;
  /** A place inside this one. */
  inside(folder: string): Place;
}

/** A place that also keeps files: what is downloaded once is found there later. */
export interface Cache extends Place {
  inside(folder: string): Cache;
  /** The unfinished file that a download continues; `file` appears only when it is finished. */
  part(file: string): Promise<Part>;
}

/** A file while it is being downloaded. */
export interface Part {
  /** How many bytes are there already. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Forgets all bytes, to begin anew. */
  restart(): Promise<void>;
  read(): Promise<ByteSource>;
  /** Makes it the finished file, under this name where it is another. */
  finish(file?: string): Promise<void>;
  /** Stops writing; the bytes stay for the next attempt. */
  close(): Promise<void>;
}

export interface Platform {
  place(where: string | URL): Place;
  /** The place that the variable LANEWISE_DATA names, where there are variables and it is set. */
  namedByVariable(): Place | undefined;
  /** Undefined where nothing can be kept. */
  cache(): Promise<Cache | undefined>;
}
