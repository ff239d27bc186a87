using AuthService.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AuthService.Hosting;

/// <summary>
/// Formats logs as the framework's simple console, but no text from outside can begin a line or move the cursor. Messages and scopes are escaped, and
/// every line of an exception except the first is indented. The other formatters escape by themselves.
/// </summary>
internal sealed class OneLineConsole(ConsoleFormatter simple) : ConsoleFormatter(simple.Name)
{
    private const string SimpleFormatter = "SimpleConsoleFormatter";

    public static void Replace(IServiceCollection services)
    {
        var simple = services.Single(service => service.ServiceType == typeof(ConsoleFormatter) && service.ImplementationType?.Name is SimpleFormatter);
        services.Remove(simple);
        services.AddSingleton<ConsoleFormatter>(provider =>
            new OneLineConsole((ConsoleFormatter)ActivatorUtilities.CreateInstance(provider, simple.ImplementationType!)));
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter?.Invoke(logEntry.State, logEntry.Exception);
        var escaped = new LogEntry<TState>(
            logEntry.LogLevel,
            logEntry.Category,
            logEntry.EventId,
            logEntry.State,
            logEntry.Exception is { } error ? new EscapedException(error) : null,
            (_, _) => message is null ? "" : OneLine.Of(message));
        simple.Write(escaped, scopeProvider is null ? null : new EscapedScopes(scopeProvider), textWriter);
    }

#pragma warning disable RCS1194 // this exception is never thrown
    /// <summary>An exception with escaped text. It is only written to the console.</summary>
    private sealed class EscapedException(Exception error) : Exception
#pragma warning restore RCS1194
    {
        public override string ToString() =>
            string.Join(Environment.NewLine, error.ToString().Split('\n').Select(line => OneLine.Of(line.TrimEnd('\r'))));
    }

    /// <summary>Scopes with escaped text. They are only written to the console.</summary>
    private sealed class EscapedScopes(IExternalScopeProvider scopes) : IExternalScopeProvider
    {
        public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
            scopes.ForEachScope((scope, rest) => callback(OneLine.Of(scope?.ToString() ?? ""), rest), state);

        public IDisposable Push(object? state) => scopes.Push(state);
    }
}
