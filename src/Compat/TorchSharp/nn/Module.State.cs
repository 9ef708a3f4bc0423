using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Parameters and persistent buffers by dotted name; the tensors themselves, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach ((string key, Modules.Parameter parameter) in named_parameters())
                {
                    destination.TryAdd(start + key, parameter);
                }
                foreach ((string key, Tensor buffer) in named_buffers(include_nonpersistent: false))
                {
                    destination.TryAdd(start + key, buffer);
                }
                return destination;
            }

            /// <summary>Copies values in by name. Strict: InvalidOperationException where the names differ.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                skip ??= [];
                Dictionary<string, Tensor> target = state_dict();
                List<string> unexpected = [.. source.Keys.Where(k => !skip.Contains(k) && !target.ContainsKey(k))];
                List<string> missing = [.. target.Keys.Where(k => !skip.Contains(k) && !source.ContainsKey(k))];
                if (strict && missing.Count + unexpected.Count > 0)
                {
                    throw new InvalidOperationException(
                        $"The state does not fit the module: missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}].");
                }
                using IDisposable noGrad = no_grad();
                foreach ((string key, Tensor value) in source)
                {
                    if (!skip.Contains(key) && target.TryGetValue(key, out Tensor? own))
                    {
                        own.copy_(value);
                    }
                }
                return (missing, unexpected);
            }

            public Module save(string location, IList<string>? skip = null)
            {
                using FileStream stream = File.Create(location);
                return save(stream, skip);
            }

            /// <summary>Writes the state and closes the stream, as the real package does.</summary>
            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            /// <summary>The number of entries, then of each its name and tensor.</summary>
            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                List<KeyValuePair<string, Tensor>> kept = [.. sd.Where(e => skip is null || !skip.Contains(e.Key))];
                writer.WriteLeb128(kept.Count);
                foreach ((string key, Tensor value) in kept)
                {
                    writer.Write(key);
                    value.Save(writer);
                }
            }

            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using FileStream stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }

            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                Dictionary<string, Tensor> target = state_dict();
                long entries = reader.ReadLeb128();
                if (strict && entries != target.Count)
                {
                    throw new ArgumentException($"Mismatched state_dict sizes: the module has {target.Count} entries, the stream {entries}.", nameof(reader));
                }
                for (long i = 0; i < entries; i++)
                {
                    string key = reader.ReadString();
                    bool found = target.TryGetValue(key, out Tensor? own);
                    if (!found && strict)
                    {
                        throw new ArgumentException($"Mismatched module state names: the module has no parameter or buffer named '{key}'.", nameof(reader));
                    }
                    bool wanted = found && skip?.Contains(key) != true;
                    if (wanted)
                    {
                        own!.Load(reader);
                    }
                    else
                    {
                        Tensor.Load(reader).Dispose();
                    }
                    if (loadedParameters is not null)
                    {
                        loadedParameters[key] = wanted;
                    }
                }
                return this;
            }
        }
    }

    public unsafe partial class Tensor
    {
        /// <summary>Reads a tensor that <see cref="TensorExtensionMethods.Save(Tensor, BinaryWriter)"/> has written.</summary>
        public static Tensor Load(BinaryReader reader)
        {
            var type = (ScalarType)reader.ReadLeb128();
            var shape = new long[reader.ReadLeb128()];
            for (int d = 0; d < shape.Length; d++)
            {
                shape[d] = reader.ReadLeb128();
            }
            Tensor tensor = empty(shape, type);
            tensor.ReadFrom(reader.BaseStream);
            return tensor;
        }
    }
}

/// <summary>TorchSharp's own binary form of a tensor: type, rank and sizes as LEB128, then the bytes.</summary>
public static class TensorExtensionMethods
{
    public static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        using torch.Tensor rows = tensor.detach();
        using torch.Tensor host = rows.cpu();
        using torch.Tensor plain = host.contiguous();
        writer.WriteLeb128((int)plain.dtype);
        writer.WriteLeb128(plain.ndim);
        foreach (long size in plain.shape)
        {
            writer.WriteLeb128(size);
        }
        writer.Flush();
        plain.WriteTo(writer.BaseStream);
    }

    /// <summary>Reads into an existing tensor. ArgumentException where type or shape differ.</summary>
    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false)
    {
        using torch.Tensor read = torch.Tensor.Load(reader);
        if (read.dtype != tensor.dtype)
        {
            throw new ArgumentException($"Mismatched tensor data types: {tensor.dtype} expected, {read.dtype} read.", nameof(reader));
        }
        if (skip)
        {
            return;
        }
        if (!read.shape.AsSpan().SequenceEqual(tensor.shape))
        {
            throw new ArgumentException($"Mismatched tensor shapes: [{string.Join(", ", tensor.shape)}] expected, [{string.Join(", ", read.shape)}] read.", nameof(reader));
        }
        using IDisposable noGrad = torch.no_grad();
        tensor.copy_(read);
    }

    /// <summary>Makes a learnable parameter of the tensor's own memory.</summary>
    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor);
}
