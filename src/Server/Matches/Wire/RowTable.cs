using MessagePack;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>
/// One table of one view: its rows as they are now and as they were sent last, and what has to be sent to get from one to the other. Nothing is
/// allocated from tick to tick.
/// </summary>
internal sealed class RowTable
{
    private readonly TableSchema _schema;
    private readonly int[] _now, _sent;
    private readonly int[] _number, _sentNumber;
    private readonly int[] _mask;
    private readonly int[] _gone;
    private int _goneCount, _changed;

    public RowTable(TableSchema schema, int rows)
    {
        _schema = schema;
        Rows = rows;
        _now = new int[rows * schema.Columns];
        _sent = new int[rows * schema.Columns];
        _number = new int[rows];
        _sentNumber = new int[rows];
        _mask = new int[rows];
        _gone = new int[rows];
        Array.Fill(_number, Absent);
        Array.Fill(_sentNumber, Absent);
    }

    /// <summary>In place of a number: the row is not there.</summary>
    private const int Absent = -1;

    public int Rows { get; }

    public string Name => _schema.Name;

    /// <summary>Whether <see cref="Compare"/> found anything to send.</summary>
    public bool Changed => _changed + _goneCount > 0;

    /// <summary>Whether a row was there when <see cref="Compare"/> was last called.</summary>
    public bool WasThere(int row) => _sentNumber[row] != Absent;

    /// <summary>Takes all rows away; what they held is kept.</summary>
    public void Clear() => Array.Fill(_number, Absent);

    /// <summary>Nothing was ever sent: the next comparison finds all rows new.</summary>
    public void Forget() => Array.Fill(_sentNumber, Absent);

    /// <summary>A row's columns, to be written where they differ from before; the row is there from now on, under this number.</summary>
    public Span<int> Put(int row, int number)
    {
        _number[row] = number;
        return Held(row);
    }

    /// <summary>What a row held when it was last written, whether it is there or not.</summary>
    public Span<int> Held(int row) => _now.AsSpan(row * _schema.Columns, _schema.Columns);

    /// <summary>Finds out what is new since the last call, and takes it for sent.</summary>
    public void Compare()
    {
        _goneCount = _changed = 0;
        for (int row = 0; row < Rows; row++)
        {
            int number = _number[row], before = _sentNumber[row];
            _mask[row] = 0;
            if (before != number && before != Absent)
                _gone[_goneCount++] = before;
            if (number != Absent)
                _mask[row] = number == before ? Difference(row) : _schema.All;
            if (_mask[row] != 0)
            {
                _changed++;
                Held(row).CopyTo(_sent.AsSpan(row * _schema.Columns));
            }
            _sentNumber[row] = number;
        }
    }

    /// <summary>Writes what <see cref="Compare"/> found.</summary>
    public void WriteDelta(ref MessagePackWriter writer)
    {
        Begin(ref writer, _gone.AsSpan(0, _goneCount), _changed);
        for (int row = 0; row < Rows; row++)
        {
            if (_mask[row] != 0)
                Write(ref writer, row, _mask[row]);
        }
    }

    /// <summary>Writes all rows as of the last <see cref="Compare"/>.</summary>
    public void WriteFull(ref MessagePackWriter writer)
    {
        int count = 0;
        foreach (int number in _sentNumber)
            count += number != Absent ? 1 : 0;
        Begin(ref writer, [], count);
        for (int row = 0; row < Rows; row++)
        {
            if (_sentNumber[row] != Absent)
                Write(ref writer, row, _schema.All);
        }
    }

    private void Begin(ref MessagePackWriter writer, ReadOnlySpan<int> gone, int rows)
    {
        writer.WriteArrayHeader(3);
        writer.Write(_schema.Name);
        writer.WriteArrayHeader(gone.Length);
        foreach (int number in gone)
            writer.Write(number);
        writer.WriteArrayHeader(rows);
    }

    private int Difference(int row)
    {
        ReadOnlySpan<int> now = Held(row), sent = _sent.AsSpan(row * _schema.Columns, _schema.Columns);
        if (now.SequenceEqual(sent))
            return 0;
        int mask = 0;
        for (int f = 0; f < _schema.Fields.Count; f++)
        {
            if (!now.Slice(_schema.At[f], _schema.Fields[f].Width).SequenceEqual(sent.Slice(_schema.At[f], _schema.Fields[f].Width)))
                mask |= 1 << f;
        }
        return mask;
    }

    private void Write(ref MessagePackWriter writer, int row, int mask)
    {
        ReadOnlySpan<int> sent = _sent.AsSpan(row * _schema.Columns, _schema.Columns);
        writer.WriteArrayHeader(2 + System.Numerics.BitOperations.PopCount((uint)mask));
        writer.Write(_sentNumber[row]);
        writer.Write(mask);
        for (int f = 0; f < _schema.Fields.Count; f++)
        {
            if ((mask >> f & 1) == 0)
                continue;
            int width = _schema.Fields[f].Width;
            if (width == 1)
            {
                writer.Write(sent[_schema.At[f]]);
                continue;
            }
            writer.WriteArrayHeader(width);
            for (int i = 0; i < width; i++)
                writer.Write(sent[_schema.At[f] + i]);
        }
    }
}
