using System.CommandLine;
using AuthService.Audit;
using AuthService.Webhooks;

namespace AuthService.Hosting.CommandLine;

/// <summary>The commands for a webhook when its receiver was down. Administrators create and change webhooks with /admin/webhooks.</summary>
internal static class WebhookCommands
{
    private const string Unknown = "There is no such webhook.";

    public static Command Create(CommandStore store) => new("webhook", "Webhooks: list, enable, disable, replay.")
    {
        List(store),
        Switch(store, "enable", "Enables a webhook; what happened meanwhile comes with \"replay\".", enabled: true),
        Switch(store, "disable", "Disables a webhook: nothing is sent to it any more.", enabled: false),
        Replay(store),
    };

    private static Command List(CommandStore store)
    {
        var list = new Command("list", "Shows each webhook with its host, its state and what it is told of.");
        list.SetAction((_, cancellation) => store.UseAsync(ListAsync, cancellation));
        return list;
    }

    private static Command Replay(CommandStore store)
    {
        var id = NewId();
        var from = new Option<DateTimeOffset?>("--from")
        {
            Description = "When it began to miss something (ISO 8601, UTC unless it says otherwise).",
            CustomParser = PastMoment.Read,
            Required = true,
        };
        var replay = new Command("replay", $"Sends what happened from a moment on again, at most {WebhookDeliveryService.MostReplayed} events.") { id, from };
        replay.SetAction((arguments, cancellation) => store.UseAsync(
            services => ReplayAsync(services, arguments.GetRequiredValue(id), arguments.GetRequiredValue(from)!.Value), cancellation));
        return replay;
    }

    private static Command Switch(CommandStore store, string name, string description, bool enabled)
    {
        var id = NewId();
        var command = new Command(name, description) { id };
        command.SetAction((arguments, cancellation) => store.UseAsync(
            services => SwitchAsync(services, arguments.GetRequiredValue(id), enabled), cancellation));
        return command;
    }

    private static Argument<Guid> NewId() => new("id") { Description = "As the list names it, a UUID." };

    private static async Task<int> ListAsync(IServiceProvider services)
    {
        foreach (var webhook in await services.GetRequiredService<WebhookStore>().ListAsync())
            Terminal.Done($"{webhook.ToAuditText()}\t{StateOf(webhook)}\t{webhook.Events ?? "every success"}");
        return 0;
    }

    private static string StateOf(Webhook webhook) => webhook switch
    {
        { Enabled: false, FailingSince: { } since } => $"{ToDisabledText(webhook)}, failing since {since:O}",
        { Enabled: false } => ToDisabledText(webhook),
        { FailingSince: { } since } => $"failing since {since:O}",
        _ => "enabled",
    };

    private static string ToDisabledText(Webhook webhook) => $"disabled since {webhook.DisabledAt:O} ({ToText(webhook.DisabledReason)})";

    private static string ToText(DisabledReason? reason) => reason switch
    {
        DisabledReason.Gone => "its receiver answered 410",
        DisabledReason.Failing => "it took nothing for days",
        DisabledReason.Overflowing => "too much waited for it",
        _ => "by an administrator",
    };

    private static async Task<int> SwitchAsync(IServiceProvider services, Guid id, bool enabled)
    {
        var before = await services.GetRequiredService<WebhookStore>().FindAsync(id);
        var change = new WebhookChange(Url: null, Events: default, Description: default, enabled);
        return await services.GetRequiredService<WebhookService>().ChangeAsync(id, change, AuditActor.CommandLine) is WebhookOutcome.Done(var webhook, _)
            ? Terminal.Done($"{webhook.ToAuditText()} is {(enabled ? "enabled" : "disabled")}.{(enabled ? HintAt(before) : "")}")
            : Terminal.Fail(Unknown);
    }

    /// <summary>Creates the hint to replay what the webhook missed. Enabling deletes the time since when it was failing or disabled.</summary>
    private static string HintAt(Webhook? before) => before is { Enabled: false } && EarlierOf(before.FailingSince, before.DisabledAt) is { } missing
        ? $" What it missed comes with: webhook replay {before.Id} --from {PastMoment.Show(missing)}"
        : "";

    private static DateTimeOffset? EarlierOf(DateTimeOffset? one, DateTimeOffset? other) => one < other ? one : other ?? one;

    private static async Task<int> ReplayAsync(IServiceProvider services, Guid id, DateTimeOffset from) =>
        await services.GetRequiredService<WebhookDeliveryService>().ReplayAsync(id, from, AuditActor.CommandLine) switch
        {
            DeliveryOutcome.Replayed(var count, null) => Terminal.Done($"Events since {PastMoment.Show(from)} on their way: {count}."),
            DeliveryOutcome.Replayed(var count, { } next) => Terminal.Done(
                $"Events since {PastMoment.Show(from)} on their way: {count}; the others begin at {next:O}."),
            DeliveryOutcome.Disabled => Terminal.Fail("It is disabled, and nothing is sent to it: enable it first."),
            _ => Terminal.Fail(Unknown),
        };
}
