using System.Net;
using System.Net.Sockets;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Validators;

/// <summary>Validators that wait for revocations, all served by one thread.</summary>
internal sealed class ValidatorFleet : IDisposable
{
    /// <summary>One of this many validators records its sessions. To search all responses would cost the generator a core.</summary>
    private const int OneSampledOf = 50;

    /// <summary>The largest number of validators that may wait for their first response.</summary>
    private const int MostBeginners = 64;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Epoll _epoll = new();
    private readonly List<ValidatorConnection> _validators = [];
    private readonly byte[] _buffer = new byte[4 << 20];
    private readonly Thread _thread;
    private volatile bool _isStopped;
    private volatile string? _error;
    private long _answers;
    private long _bytes;
    private int _begun;

    /// <param name="service">The instance.</param>
    /// <param name="tokens">The access tokens, one for each validator.</param>
    public ValidatorFleet(IPEndPoint service, IReadOnlyList<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
            _validators.Add(new ValidatorConnection(service, tokens[i], isSampled: i % OneSampledOf == 0));
        _thread = new Thread(Drive) { IsBackground = true, Name = "validators" };
        _thread.Start();
    }

    /// <summary>The number of responses so far.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    public long Bytes => Interlocked.Read(ref _bytes);

    public string? Error => _error;

    /// <summary>The sessions that the sampled validators received. It is complete once the fleet is stopped.</summary>
    public IEnumerable<List<(Guid Session, long At)>> Heard => _validators.Select(validator => validator.Hears).OfType<List<(Guid, long)>>();

    /// <summary>Waits until all validators have received their first response.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (Volatile.Read(ref _begun) < _validators.Count)
        {
            if (_error is { } error)
                throw new BenchmarkException($"A validator was not answered: {error}");
            await Task.Delay(Look, patience.Token);
        }
    }

    public void Stop()
    {
        _isStopped = true;
        _thread.Join();
    }

    public void Dispose()
    {
        Stop();
        _validators.ForEach(validator => validator.Dispose());
        _epoll.Dispose();
    }

    private void Drive()
    {
        try
        {
            for (var asked = 0; !_isStopped; Serve(_epoll.Wait(Look)))
            {
                for (; asked < _validators.Count && asked - _begun < MostBeginners; asked++)
                {
                    _epoll.Watch(_validators[asked].Socket, asked);
                    _validators[asked].SendPoll();
                }
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or InvalidDataException)
        {
            _error = broken.Message;
        }
    }

    private void Serve(int ready)
    {
        for (var i = 0; i < ready; i++)
        {
            var validator = _validators[_epoll.Tag(i)];
            var hadBegun = validator.HasBegun;
            var length = validator.Receive(_buffer);
            if (length == 0)
                continue;
            validator.SendPoll();
            Interlocked.Increment(ref _answers);
            Interlocked.Add(ref _bytes, length);
            if (!hadBegun && validator.HasBegun)
                Interlocked.Increment(ref _begun);
        }
    }
}
