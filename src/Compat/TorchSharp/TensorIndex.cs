namespace TorchSharp;

public static partial class torch
{
    /// <summary>One part of an index expression: a position, a slice, a tensor of positions, an ellipsis or a new axis.</summary>
    public readonly struct TensorIndex
    {
        internal enum Kind
        {
            Ellipsis,
            None,
            Single,
            Slice,
            Tensor,
            Bool,
        }

        private readonly Kind kind;
        private readonly long start, stop, step;
        private readonly Tensor? tensor;

        private TensorIndex(Kind kind, long start = long.MinValue, long stop = long.MinValue, long step = long.MinValue, Tensor? tensor = null)
        {
            this.kind = kind;
            this.start = start;
            this.stop = stop;
            this.step = step;
            this.tensor = tensor;
        }

        /// <summary>All before the parts that follow.</summary>
        public static readonly TensorIndex Ellipsis = new(Kind.Ellipsis);

        /// <summary>A new axis of length one.</summary>
        public static readonly TensorIndex None = new(Kind.None);

        /// <summary>The whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new(Kind.Slice, start ?? long.MinValue, stop ?? long.MinValue, step ?? long.MinValue);

        public static TensorIndex Single(long? index) => new(Kind.Single, index ?? 0);

        public static TensorIndex Bool(bool value) => new(Kind.Bool, value ? 1 : 0);

        public static TensorIndex Tensor(Tensor tensor) => new(Kind.Tensor, tensor: tensor);

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range.start, range.end);

        public static implicit operator TensorIndex(System.Range range) =>
            Slice(Position(range.Start), range.End.IsFromEnd && range.End.Value == 0 ? null : Position(range.End));

        public static implicit operator TensorIndex(System.Index index) => Single(Position(index));

        internal Index Encode() => new()
        {
            Kind = (long)kind,
            Start = start,
            Stop = stop,
            Step = step,
            Tensor = torch.Tensor.HandleOrNull(tensor),
        };

        private static long Position(System.Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }

    public unsafe partial class Tensor
    {
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, TensorIndex.Single(i1));
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(i1, i2);
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2));
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(i1, i2, i3);
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3));
        }

        public Tensor index(params TensorIndex[] indices)
        {
            fixed (Index* parts = Array.ConvertAll(indices, i => i.Encode()))
            {
                Tensor result = Wrap(Native.t_index(Handle, parts, indices.Length), this);
                GC.KeepAlive(indices);
                return result;
            }
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            fixed (Index* parts = Array.ConvertAll(indices, i => i.Encode()))
            {
                Same(Native.t_index_put_(Handle, parts, indices.Length, value.Handle), value);
                GC.KeepAlive(indices);
                return this;
            }
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            fixed (Index* parts = Array.ConvertAll(indices, i => i.Encode()))
            {
                Same(Native.t_index_put_num_(Handle, parts, indices.Length, value.Value));
                GC.KeepAlive(indices);
                return this;
            }
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        /// <summary>With accumulate, values of positions that occur more than once add up.</summary>
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false)
        {
            fixed (nint* handles = Array.ConvertAll(indices, HandleOrNull))
            {
                Same(Native.t_index_accumulate_(Handle, handles, indices.Length, value.Handle, accumulate ? 1 : 0), value);
                GC.KeepAlive(indices);
                return this;
            }
        }
    }
}
