// Reading pickles of protocols 2 to 5: a stack machine over an allow-list of opcodes. Classes and functions stay names until
// `Builders` knows what they make; nothing else is ever made, and nothing is run.
import { latin1, PickleBytes } from "./pickle-bytes.ts";

/** A class or function by its name, as `GLOBAL` refers to it. */
export class Global {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a pickle can hold here; `T` is what `Builders` adds. */
export type Pickled<T> =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Global
  | Set<Pickled<T>>
  | Map<Pickled<T>, Pickled<T>>
  | Pickled<T>[]
  | T;

export interface Builders<T> {
  /** The result of calling a class or function; throws for what it does not know. */
  call(name: string, args: Pickled<T>[]): Pickled<T>;
  /** What a reference out of the pickle means. */
  persistent(id: Pickled<T>): Pickled<T>;
}

/** Reads one pickle; `label` names the file in errors. */
export function readPickle<T>(bytes: Uint8Array, label: string, builders: Builders<T>): Pickled<T> {
  return new Machine(bytes, label, builders).run();
}

class Machine<T> {
  readonly #in: PickleBytes;
  readonly #builders: Builders<T>;
  #stack: Pickled<T>[] = [];
  readonly #marks: Pickled<T>[][] = [];
  readonly #memo = new Map<number, Pickled<T>>();

  constructor(bytes: Uint8Array, label: string, builders: Builders<T>) {
    this.#in = new PickleBytes(bytes, label);
    this.#builders = builders;
  }

  run(): Pickled<T> {
    for (;;) {
      const at = this.#in.at;
      const opcode = this.#in.take(1)[0]!;
      if (opcode === 0x2e) {
        if (this.#stack.length !== 1 || this.#marks.length > 0) throw this.#bad("it ends with work left over", at);
        return this.#stack[0]!;
      }
      if (!this.#constant(opcode) && !this.#container(opcode, at) && !this.#object(opcode, at)) {
        const hex = opcode.toString(16).padStart(2, "0");
        throw this.#bad(`opcode 0x${hex} is not on the list of those that data needs`, at);
      }
    }
  }

  /** Numbers, strings and bytes. False where the opcode is none of these. */
  #constant(opcode: number): boolean {
    switch (opcode) {
      case 0x80: // PROTO
        return this.#protocol();
      case 0x95: // FRAME: only says how much to read at once
        this.#in.take(8);
        return true;
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
        return this.#push(true);
      case 0x89: // NEWFALSE
        return this.#push(false);
      case 0x4a: // BININT
        return this.#push(this.#in.int());
      case 0x4b: // BININT1
        return this.#push(this.#in.uint(1));
      case 0x4d: // BININT2
        return this.#push(this.#in.uint(2));
      case 0x8a: // LONG1
        return this.#push(this.#in.long(this.#in.uint(1)));
      case 0x8b: // LONG4
        return this.#push(this.#in.long(this.#in.uint(4)));
      case 0x47: // BINFLOAT
        return this.#push(this.#in.float());
      case 0x8c: // SHORT_BINUNICODE
        return this.#push(this.#in.text(1));
      case 0x58: // BINUNICODE
        return this.#push(this.#in.text(4));
      case 0x8d: // BINUNICODE8
        return this.#push(this.#in.text(8));
      case 0x55: // SHORT_BINSTRING, of Python 2
        return this.#push(latin1(this.#in.take(this.#in.uint(1))));
      case 0x54: // BINSTRING
        return this.#push(latin1(this.#in.take(this.#in.uint(4))));
      case 0x43: // SHORT_BINBYTES; copied (slice() of a Node Buffer would not copy)
        return this.#push(new Uint8Array(this.#in.take(this.#in.uint(1))));
      case 0x42: // BINBYTES
        return this.#push(new Uint8Array(this.#in.take(this.#in.uint(4))));
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.#push(new Uint8Array(this.#in.take(this.#in.uint(8))));
      default:
        return false;
    }
  }

  /** Lists, tuples, dicts, sets. */
  #container(opcode: number, at: number): boolean {
    switch (opcode) {
      case 0x28: // MARK
        this.#marks.push(this.#stack);
        this.#stack = [];
        return true;
      case 0x30: // POP
        if (this.#stack.length > 0) this.#stack.pop();
        else this.#toMark(at);
        return true;
      case 0x31: // POP_MARK
        this.#toMark(at);
        return true;
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        return this.#push([]);
      case 0x7d: // EMPTY_DICT
        return this.#push(new Map());
      case 0x8f: // EMPTY_SET
        return this.#push(new Set());
      case 0x74: // TUPLE
      case 0x6c: // LIST
        return this.#push(this.#toMark(at));
      case 0x91: // FROZENSET
        return this.#push(new Set(this.#toMark(at)));
      case 0x85: // TUPLE1 to TUPLE3
      case 0x86:
      case 0x87:
        return this.#push(Array.from({ length: opcode - 0x84 }, () => this.#pop(at)).reverse());
      case 0x64: // DICT
        return this.#push(this.#fill(new Map(), this.#toMark(at), at));
      case 0x61: // APPEND
      case 0x65: // APPENDS
        return this.#append(opcode === 0x61 ? [this.#pop(at)] : this.#toMark(at), at);
      case 0x73: // SETITEM
      case 0x75: // SETITEMS
        return this.#setItems(opcode === 0x73 ? [this.#pop(at), this.#pop(at)].reverse() : this.#toMark(at), at);
      case 0x90: // ADDITEMS
        return this.#addItems(this.#toMark(at), at);
      default:
        return false;
    }
  }

  /** The memo, names, calls and references. */
  #object(opcode: number, at: number): boolean {
    switch (opcode) {
      case 0x71: // BINPUT
        return this.#remember(this.#in.uint(1), at);
      case 0x72: // LONG_BINPUT
        return this.#remember(this.#in.uint(4), at);
      case 0x94: // MEMOIZE
        return this.#remember(this.#memo.size, at);
      case 0x68: // BINGET
        return this.#recall(this.#in.uint(1), at);
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#in.uint(4), at);
      case 0x32: // DUP
        return this.#push(this.#top(at));
      case 0x63: // GLOBAL
        return this.#push(new Global(`${this.#in.line()}.${this.#in.line()}`));
      case 0x93: {
        // STACK_GLOBAL
        const name = this.#pop(at);
        return this.#push(new Global(`${this.#pop(at)}.${name}`));
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const args = this.#pop(at);
        const called = this.#pop(at);
        if (!(called instanceof Global) || !Array.isArray(args))
          throw this.#bad("a call of something that has no name", at);
        return this.#push(this.#builders.call(called.name, args));
      }
      case 0x62: // BUILD: attributes of an OrderedDict (PyTorch's version numbers); data needs none
        this.#pop(at);
        if (!(this.#top(at) instanceof Map)) throw this.#bad("attributes are set on something that is no dict", at);
        return true;
      case 0x51: // BINPERSID
        return this.#push(this.#builders.persistent(this.#pop(at)));
      default:
        return false;
    }
  }

  #protocol(): boolean {
    const version = this.#in.uint(1);
    if (version < 2 || version > 5)
      throw this.#bad(`it is a pickle of protocol ${version}; 2 to 5 are read`, this.#in.at - 2);
    return true;
  }

  #push(value: Pickled<T>): true {
    this.#stack.push(value);
    return true;
  }

  #pop(at: number): Pickled<T> {
    if (this.#stack.length === 0) throw this.#bad("its stack is empty", at);
    return this.#stack.pop()!;
  }

  #top(at: number): Pickled<T> {
    if (this.#stack.length === 0) throw this.#bad("its stack is empty", at);
    return this.#stack.at(-1)!;
  }

  /** Everything above the last mark. */
  #toMark(at: number): Pickled<T>[] {
    const items = this.#stack;
    const below = this.#marks.pop();
    if (below === undefined) throw this.#bad("there is no mark", at);
    this.#stack = below;
    return items;
  }

  #append(items: Pickled<T>[], at: number): true {
    const list = this.#top(at);
    if (!Array.isArray(list)) throw this.#bad("items are appended to something that is no list", at);
    for (const item of items) list.push(item);
    return true;
  }

  #setItems(items: Pickled<T>[], at: number): true {
    const dict = this.#top(at);
    if (!(dict instanceof Map)) throw this.#bad("items are set on something that is no dict", at);
    this.#fill(dict, items, at);
    return true;
  }

  #addItems(items: Pickled<T>[], at: number): true {
    const set = this.#top(at);
    if (!(set instanceof Set)) throw this.#bad("items are added to something that is no set", at);
    for (const item of items) set.add(item);
    return true;
  }

  #fill(dict: Map<Pickled<T>, Pickled<T>>, items: Pickled<T>[], at: number): Map<Pickled<T>, Pickled<T>> {
    if (items.length % 2 !== 0) throw this.#bad("a key of a dict has no value", at);
    for (let i = 0; i < items.length; i += 2) dict.set(items[i]!, items[i + 1]!);
    return dict;
  }

  #remember(index: number, at: number): true {
    this.#memo.set(index, this.#top(at));
    return true;
  }

  #recall(index: number, at: number): true {
    if (!this.#memo.has(index)) throw this.#bad(`its memo has nothing at ${index}`, at);
    return this.#push(this.#memo.get(index)!);
  }

  #bad(what: string, at: number): Error {
    return this.#in.bad(what, at);
  }
}
