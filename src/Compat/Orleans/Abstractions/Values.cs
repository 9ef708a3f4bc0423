using System.Diagnostics.CodeAnalysis;

namespace Orleans
{
    /// <summary>Why an activation ends.</summary>
    public enum DeactivationReasonCode : byte
    {
        None,
        ShuttingDown,
        ActivationFailed,
        DirectoryFailure,
        ActivationIdle,
        ActivationUnresponsive,
        DuplicateActivation,
        IncompatibleRequest,
        ApplicationError,
        ApplicationRequested,
        Migrating,
        RuntimeRequested,
        HighMemoryPressure,
    }

    /// <summary>Why an activation ends, with words.</summary>
    public readonly struct DeactivationReason
    {
        public DeactivationReason(DeactivationReasonCode code, string text)
            : this(code, null, text)
        {
        }

        public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
        {
            ReasonCode = code;
            Exception = exception;
            Description = text;
        }

        public string Description { get; }

        public DeactivationReasonCode ReasonCode { get; }

        public Exception? Exception { get; }

        public override string ToString() => Exception is null ? $"{ReasonCode}: {Description}" : $"{ReasonCode}: {Description}. Exception: {Exception}";
    }

    /// <summary>State as a storage provider reads and writes it.</summary>
    [GenerateSerializer]
    public sealed class GrainState<T> : IGrainState<T>
    {
        public GrainState()
        {
        }

        public GrainState(T? state)
            : this(state, null)
        {
        }

        public GrainState(T? state, string? eTag)
        {
            State = state;
            ETag = eTag;
        }

        [Id(0)]
        public T? State { get; set; }

        [Id(1)]
        public string? ETag { get; set; }

        [Id(2)]
        public bool RecordExists { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>Type and key of a grain: its name all over the cluster.</summary>
    public readonly struct GrainId : IEquatable<GrainId>
    {
        private readonly string _type;
        private readonly string _key;

        private GrainId(string type, string key)
        {
            _type = type;
            _key = key;
        }

        public bool IsDefault => _type is null;

        internal string TypeText => _type;

        internal string KeyText => _key;

        public static GrainId Create(string type, string key) => new(type, key);

        public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

        public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);

        public bool Equals(GrainId other) => _type == other._type && _key == other._key;

        public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_type, _key);

        public override string ToString() => $"{_type}/{_key}";
    }

    /// <summary>When a grain's timer is due and how its callback is run.</summary>
    public readonly struct GrainTimerCreationOptions()
    {
        [SetsRequiredMembers]
        public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
            : this()
        {
            DueTime = dueTime;
            Period = period;
        }

        public required TimeSpan DueTime { get; init; }

        /// <summary>From the end of one callback to the next; <see cref="Timeout.InfiniteTimeSpan"/> for once.</summary>
        public required TimeSpan Period { get; init; }

        /// <summary>Whether callbacks may interleave with calls. By default they wait like a call.</summary>
        public bool Interleave { get; init; }

        /// <summary>Whether a callback keeps the grain from being collected as idle.</summary>
        public bool KeepAlive { get; init; }
    }

    public class OrleansException : Exception
    {
        public OrleansException()
        {
        }

        public OrleansException(string message)
            : base(message)
        {
        }

        public OrleansException(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>The grain that was being enumerated ended.</summary>
    public sealed class EnumerationAbortedException : Exception
    {
        public EnumerationAbortedException()
        {
        }

        public EnumerationAbortedException(string message)
            : base(message)
        {
        }

        public EnumerationAbortedException(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }
}

namespace Orleans.Serialization
{
    public class SerializerException : Runtime.OrleansException
    {
        public SerializerException()
        {
        }

        public SerializerException(string message)
            : base(message)
        {
        }

        public SerializerException(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>A type that has no serializer was to travel between grains.</summary>
    public sealed class CodecNotFoundException : SerializerException
    {
        public CodecNotFoundException()
        {
        }

        public CodecNotFoundException(string message)
            : base(message)
        {
        }

        public CodecNotFoundException(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }
}

namespace Orleans.Storage
{
    /// <summary>A grain wants a storage provider that is not there.</summary>
    public sealed class BadProviderConfigException : Runtime.OrleansException
    {
        public BadProviderConfigException()
        {
        }

        public BadProviderConfigException(string msg)
            : base(msg)
        {
        }

        public BadProviderConfigException(string msg, Exception exc)
            : base(msg, exc)
        {
        }
    }

    /// <summary>Somebody else wrote the state since it was read.</summary>
    public class InconsistentStateException : Runtime.OrleansException
    {
        public InconsistentStateException()
        {
        }

        public InconsistentStateException(string message)
            : base(message)
        {
        }

        public InconsistentStateException(string message, Exception innerException)
            : base(message, innerException)
        {
        }

        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
            : base(errorMsg)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        public string? StoredEtag { get; }

        public string? CurrentEtag { get; }

        /// <summary>Whether it has not left the activation whose state it is about; that one ends when it does.</summary>
        internal bool IsSourceActivation { get; set; } = true;
    }
}
