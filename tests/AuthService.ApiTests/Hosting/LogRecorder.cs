using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AuthService.ApiTests.Hosting;

/// <summary>Records every line that an instance logs, with its structured values, as a log collector would receive it.</summary>
public sealed class LogRecorder : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Called with each line when it is written.</summary>
    public Action<string>? OnLine { get; set; }

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private void Record<TState>(string line, TState state, Exception? exception)
    {
        var text = new StringBuilder(line);
        Append(state, text);
        _scopes.ForEachScope(Append, text);
        var whole = text.Append(exception).ToString();
        _lines.Enqueue(whole);
        OnLine?.Invoke(whole);
    }

    private static void Append<TState>(TState state, StringBuilder text)
    {
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
            text.Append(" {").AppendJoin(", ", values).Append('}');
        else
            text.Append(" {").Append(state).Append('}');
    }

    private sealed class Recorder(string category, LogRecorder recorder) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => recorder._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            recorder.Record($"{logLevel} {category}: {formatter(state, exception)}", state, exception);
    }
}
