// What the names in PyTorch's pickles make: an allow-list of the few that data needs.
import type { Builders, Pickled } from "./pickle-reader.ts";
import { Global } from "./pickle-reader.ts";
import { dtypeOfClass, dtypeOfName } from "./storages.ts";
import { StorageRef, TensorRef } from "./tensors.ts";

type Ref = TensorRef | StorageRef;
type Value = Pickled<Ref>;

/** `label` names the file in errors. */
export function builders(label: string): Builders<Ref> {
  const bad = (what: string): Error => new Error(`${label}: ${what}`);
  return {
    call: (name, args) => {
      const make = Object.hasOwn(MAKERS, name) ? MAKERS[name] : undefined;
      if (make === undefined) throw bad(`it holds more than data: ${name} ${advice(name)}`);
      const made = make(args);
      if (made === undefined) {
        const type = args.find((arg) => arg instanceof Global);
        throw bad(
          type === undefined
            ? `${name} is called with arguments that are not known here`
            : `tensors of ${type.name} are not supported; convert them to float32`,
        );
      }
      return made;
    },
    persistent: (id) => {
      const [kind, type, key, , length] = Array.isArray(id) ? id : [];
      if (kind !== "storage" || !(type instanceof Global) || typeof key !== "string" || typeof length !== "number") {
        throw bad("its pickle refers to something outside of it that is no storage");
      }
      const className = type.name.replace(/^torch\.(storage\.)?/, "");
      if (className === "UntypedStorage") return new StorageRef(key, undefined, length);
      const dtype = dtypeOfClass(className);
      if (dtype === undefined) throw bad(`tensors of ${type.name} are not supported; convert them to float32`);
      return new StorageRef(key, dtype, length);
    },
  };
}

/** Undefined where the arguments do not fit. */
const MAKERS: Record<string, (args: Value[]) => Value | undefined> = {
  "collections.OrderedDict": ([pairs]) => (pairs === undefined ? new Map() : dictOf(pairs)),
  "torch._utils._rebuild_tensor": ([storage, ...window]) => typedTensor(storage, window),
  "torch._utils._rebuild_tensor_v2": ([storage, ...window]) => typedTensor(storage, window),
  "torch._utils._rebuild_tensor_v3": ([storage, offset, size, stride, , , dtype]) => {
    const type = dtype instanceof Global ? dtypeOfName(dtype.name.replace(/^torch\./, "")) : undefined;
    if (type === undefined || !(storage instanceof StorageRef)) return undefined;
    return new TensorRef(storage, type, [offset, size, stride]);
  },
  "torch._utils._rebuild_parameter": ([tensor]) => (tensor instanceof TensorRef ? tensor : undefined),
  "torch._utils._rebuild_parameter_with_state": ([tensor]) => (tensor instanceof TensorRef ? tensor : undefined),
  "torch.Size": ([sizes]) => (Array.isArray(sizes) ? sizes : undefined),
  "torch.device": (parts) => parts.map(String).join(":"),
  // How protocol 2 writes bytes: as text of the characters with their numbers.
  "_codecs.encode": ([text, encoding]) =>
    typeof text === "string" && encoding === "latin1" ? bytesOf(text) : undefined,
  "__builtin__.bytes": (args) => (args.length === 0 ? new Uint8Array(0) : undefined),
  "__builtin__.bytearray": bytearray,
  "builtins.bytearray": bytearray,
  "__builtin__.set": ([items]) => (Array.isArray(items) ? new Set(items) : undefined),
  "builtins.set": ([items]) => (Array.isArray(items) ? new Set(items) : undefined),
};

function typedTensor(storage: Value | undefined, window: Value[]): Value | undefined {
  if (!(storage instanceof StorageRef) || storage.dtype === undefined) return undefined;
  return new TensorRef(storage, storage.dtype, window);
}

function bytearray([content, encoding]: Value[]): Value | undefined {
  if (content === undefined) return new Uint8Array(0);
  if (content instanceof Uint8Array) return content;
  return typeof content === "string" && encoding === "latin-1" ? bytesOf(content) : undefined;
}

function bytesOf(text: string): Uint8Array | undefined {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return bytes.every((byte, i) => byte === text.charCodeAt(i)) ? bytes : undefined;
}

function dictOf(pairs: Value): Value | undefined {
  if (!Array.isArray(pairs)) return undefined;
  const dict = new Map<Value, Value>();
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) return undefined;
    dict.set(pair[0]!, pair[1]!);
  }
  return dict;
}

function advice(name: string): string {
  if (name.startsWith("numpy")) return "is of NumPy; save it as a tensor (torch.from_numpy) or as a plain number";
  if (/sparse|qtensor|_get_layout/.test(name)) return "is a tensor of a kind that is not read; save it dense";
  return "is code that would have to run; save module.state_dict() instead of the module";
}
