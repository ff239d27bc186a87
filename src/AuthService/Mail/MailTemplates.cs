using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Mail;

/// <summary>
/// Finds the templates in use: the built-in ones, replaced by those of <c>Mail:Templates</c>. They are read again when that setting changes.
/// </summary>
internal sealed class MailTemplates(IOptionsMonitor<MailOptions> options, IHostEnvironment environment)
{
    private volatile Loaded? _loaded;

    public MailTemplate Find(MailKind kind, string? locale)
    {
        var folder = FolderOf(options.CurrentValue, environment);
        var loaded = _loaded;
        if (loaded is null || loaded.Folder != folder)
            _loaded = loaded = new Loaded(folder, MailTemplateSet.Load(folder, out _));
        return loaded.Set.Find(kind, locale);
    }

    public static string? FolderOf(MailOptions options, IHostEnvironment environment) =>
        string.IsNullOrEmpty(options.Templates) ? null : Path.GetFullPath(options.Templates, environment.ContentRootPath);

    private sealed record Loaded(string? Folder, MailTemplateSet Set);
}

/// <summary>Refuses templates that cannot be used, when the service starts and when the setting changes.</summary>
internal sealed class MailTemplatesValidator(IHostEnvironment environment) : IValidateOptions<MailOptions>
{
    private const string Setting = $"{MailOptions.Section}:{nameof(MailOptions.Templates)}";

    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (MailTemplates.FolderOf(options, environment) is not { } folder)
            return faults.Build();
        try
        {
            MailTemplateSet.Load(folder, out var found);
            foreach (var fault in found)
                faults.AddError(OneLine.Of($"{Setting}: {fault}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.AddError(OneLine.Of($"{Setting}: the folder cannot be read: {error.Message}"));
        }

        return faults.Build();
    }
}
