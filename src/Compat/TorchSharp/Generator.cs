namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on the CPU; its state can be kept and put back.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public Generator(ulong seed = 0, Device? device = null)
            : this(Native.t_generator(seed))
        {
            if (device is not null && device.type != DeviceType.CPU)
            {
                throw new NotSupportedException("Generators are offered for the CPU only.");
            }
        }

        private Generator(nint handle) => this.handle = handle != 0 ? handle : throw Native.Error();

        ~Generator() => Dispose(false);

        /// <summary>The one which operations use that are given none.</summary>
        public static Generator Default => new(Native.t_generator_default());

        public Device device => CPU;

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("This generator has been disposed.");

        public Tensor get_state()
        {
            var state = new Tensor(Native.t_generator_state(Handle));
            GC.KeepAlive(this);
            return state;
        }

        public void set_state(Tensor value)
        {
            Native.Check(Native.t_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.t_generator_seed(Handle, unchecked((ulong)seed)));
            GC.KeepAlive(this);
            return this;
        }

        public long initial_seed() => unchecked((long)Native.t_generator_initial_seed(Handle));

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint freed = Interlocked.Exchange(ref handle, 0);
            if (freed != 0)
            {
                Native.t_generator_free(freed);
            }
        }

        internal static nint Of(Generator? generator) => generator is null ? 0 : generator.Handle;
    }

    /// <summary>Seeds the default generators of all devices.</summary>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.t_manual_seed(unchecked((ulong)seed)));
        return Generator.Default;
    }
}
