namespace AuthService.Revocations;

/// <summary>
/// The entries of a log in the order that all instances share. An entry takes its place once nothing can be added before it any more, so this is almost always
/// an addition at the end. Snapshots share the array, and none reads beyond its own length.
/// </summary>
internal sealed class RevocationOrder
{
    private List<int> _unplaced = [];
    private int[] _placed = [];
    private int _count;

    /// <summary>The indexes of the entries that have a place, in order.</summary>
    public ReadOnlyMemory<int> Placed => _placed.AsMemory(0, _count);

    /// <summary>The indexes of the other entries.</summary>
    public int[] Unplaced => [.. _unplaced];

    /// <summary>Adds the entry with this index.</summary>
    public void Add(int index) => _unplaced.Add(index);

    /// <summary>Gives the entries before a position their place.</summary>
    public void PlaceBelow(long end, RevocationLogEntry[] entries)
    {
        var (ready, rest) = (new List<int>(), new List<int>());
        foreach (var index in _unplaced)
            (entries[index].Place.Position < end ? ready : rest).Add(index);
        if (ready.Count == 0)
            return;
        _unplaced = rest;
        Append(ready, entries);
    }

    /// <summary>Removes entries, and gives the others their new indexes.</summary>
    /// <param name="indexes">The new index for each former one; negative for a removed entry.</param>
    public void Move(int[] indexes)
    {
        _unplaced = [.. Moved(_unplaced)];
        _placed = [.. Moved(Placed.ToArray())];
        _count = _placed.Length;

        IEnumerable<int> Moved(IEnumerable<int> former) => former.Select(index => indexes[index]).Where(index => index >= 0);
    }

    public void Clear()
    {
        _unplaced = [];
        (_placed, _count) = ([], 0);
    }

    private void Append(List<int> ready, RevocationLogEntry[] entries)
    {
        var added = Sorted([.. ready], entries);
        if (_count > 0 && entries[added[0]].Place.IsBefore(entries[_placed[_count - 1]].Place))
        {
            _placed = Sorted([.. Placed.Span, .. added], entries);
            _count = _placed.Length;
            return;
        }

        if (_placed.Length < _count + added.Length)
            Array.Resize(ref _placed, Math.Max(_count + added.Length, _count * 2));
        added.CopyTo(_placed, _count);
        _count += added.Length;
    }

    private static int[] Sorted(int[] indexes, RevocationLogEntry[] entries)
    {
        var places = Array.ConvertAll(indexes, index => entries[index].Place);
        Array.Sort(places, indexes, RevocationPlace.LowestFirst);
        return indexes;
    }
}
