namespace AuthService.Principals.Passwords;

/// <summary>The places of one address in a share of the <see cref="HashingQueue"/>.</summary>
internal sealed class AddressPlaces(string key)
{
    public string Key => key;

    /// <summary>The number of passwords that wait, are being hashed, or will wait soon.</summary>
    public int Places { get; set; }

    /// <summary>The waiting passwords, first come, first served.</summary>
    public LinkedList<TaskCompletionSource> Waiting { get; } = [];

    public bool IsInRotation { get; set; }
}

/// <summary>The addresses of one share of the <see cref="HashingQueue"/>, which take turns. Only used under the lock of the queue.</summary>
internal sealed class AddressTurns
{
    private readonly Dictionary<string, AddressPlaces> _addresses = new(StringComparer.Ordinal);
    private readonly Queue<AddressPlaces> _rotation = new();

    public int Places { get; private set; }

    /// <summary>
    /// Counts the passwords with a turn before the next one of this address: all of its own, and from every other address at most one more than that.
    /// </summary>
    public int CountAhead(string key)
    {
        var own = _addresses.TryGetValue(key, out var address) ? address.Places : 0;
        return own + _addresses.Values.Where(other => other != address).Sum(other => Math.Min(other.Places, own + 1));
    }

    public AddressPlaces Enter(string key)
    {
        if (!_addresses.TryGetValue(key, out var address))
            _addresses.Add(key, address = new AddressPlaces(key));
        address.Places++;
        Places++;
        return address;
    }

    public void Leave(AddressPlaces address)
    {
        Places--;
        if (--address.Places is 0)
            _addresses.Remove(address.Key);
    }

    public void Wait(AddressPlaces address, TaskCompletionSource turn)
    {
        address.Waiting.AddLast(turn);
        if (address.IsInRotation)
            return;
        address.IsInRotation = true;
        _rotation.Enqueue(address);
    }

    /// <returns>The next in turn; null when none waits.</returns>
    public TaskCompletionSource? TakeNext()
    {
        while (_rotation.TryDequeue(out var address))
        {
            address.IsInRotation = false;
            if (address.Waiting.First?.Value is not { } turn)
                continue; // the callers of all of them disconnected
            address.Waiting.RemoveFirst();
            if (address.Waiting.Count > 0)
            {
                address.IsInRotation = true;
                _rotation.Enqueue(address);
            }

            return turn;
        }

        return null;
    }
}
