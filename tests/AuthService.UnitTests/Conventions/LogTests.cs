using System.Reflection;
using AuthService.Refusals;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Messages of the log stand in the Log file of their feature, each with an id of its own.</summary>
public sealed class LogTests
{
    private static readonly (Type Type, LoggerMessageAttribute Message)[] Messages =
    [
        .. from type in typeof(Program).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (type, message),
    ];

    [Fact]
    public void A_message_stands_in_a_log_file() => Breaches.None(
        from message in Messages
        where !message.Type.Name.EndsWith("Log", StringComparison.Ordinal)
        select $"{message.Type}: {message.Message.Message}");

    [Fact]
    public void Each_has_an_id_of_its_own()
    {
        Assert.NotEmpty(Messages);
        Breaches.None(
            from message in Messages
            group message by message.Message.EventId into same
            where same.Key <= 0 || same.Count() > 1
            select $"{same.Key}: {string.Join(" | ", same.Select(message => message.Message.Message))}");
    }

    /// <summary>A reason that nothing is refused for would be looked for in vain.</summary>
    [Fact]
    public void Each_reason_of_a_refusal_is_used()
    {
        var sources = Repository.SourcesOf("src/AuthService").Where(path => !path.EndsWith("/RefusalReason.cs", StringComparison.Ordinal))
            .SelectMany(path => Repository.LinesOf("src/AuthService", path)).ToList();

        Breaches.None(
            from reason in Enum.GetNames<RefusalReason>()
            where !sources.Exists(line => line.Contains($"RefusalReason.{reason}", StringComparison.Ordinal))
            select $"{reason} is not used");
    }
}
