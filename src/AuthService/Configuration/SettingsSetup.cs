using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AuthService.Configuration;

/// <summary>A section and the options class that reads it.</summary>
internal sealed record SettingsSection(IConfiguration Configuration, Type Type, Func<IServiceProvider, object> Read)
{
    public IReadOnlyList<string> FindFaults() => SettingsReader.FindFaults(Configuration, Type);

    /// <param name="all">
    /// All sections. Options at the root may read a part of a section that has its own options class; the keys of that section are left to that
    /// class.
    /// </param>
    public IEnumerable<string> FindUnknown(IEnumerable<SettingsSection> all) =>
        SettingsReader.FindUnknown(Configuration, Type).Where(key => Configuration is IConfigurationSection || !all.Any(other => other.IsFor(key)));

    private bool IsFor(string key) =>
        Configuration is IConfigurationSection section && key.StartsWith($"{section.Path}:", StringComparison.OrdinalIgnoreCase);
}

internal static class SettingsSetup
{
    /// <summary>
    /// Adds an options class for a section. All settings are read this way: strictly, checked at the start, and replaced by valid changes while the
    /// service runs.
    /// </summary>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, IConfiguration section)
        where T : class
    {
        services.AddSingleton(new SettingsSection(section, typeof(T), provider => provider.GetRequiredService<IOptionsMonitor<T>>().CurrentValue));
        services.AddSingleton<IConfigureOptions<T>>(new StrictBinding<T>(section));
        services.AddSingleton<IOptionsChangeTokenSource<T>>(new ConfigurationChangeTokenSource<T>(Options.DefaultName, section));
        services.AddOptions<T>().ValidateOnStart();
        return services;
    }

    /// <summary>Adds an options class for a section, with a validator that checks what the values mean.</summary>
    public static IServiceCollection AddSettings<T, TValidator>(this IServiceCollection services, IConfiguration section)
        where T : class
        where TValidator : class, IValidateOptions<T> =>
        services.AddSettings<T>(section).AddSingleton<IValidateOptions<T>>(provider =>
            new ListIndexFaults<T>(section, ActivatorUtilities.CreateInstance<TValidator>(provider)));

    /// <summary>Keeps all options as they were when a change of settings is faulty.</summary>
    public static IServiceCollection AddLastGoodSettings(this IServiceCollection services)
    {
        services.TryAddSingleton<RefusedSettings>();
        services.AddSingleton<SettingsSummary>();
        services.AddHostedService<SettingsLogger>();
        services.AddHostedService<ReadAtStartWatcher>();
        return services.AddSingleton(typeof(IOptionsFactory<>), typeof(LastGoodFactory<>));
    }

    private sealed class StrictBinding<T>(IConfiguration section) : IConfigureOptions<T>
        where T : class
    {
        public void Configure(T options)
        {
            if (SettingsReader.FindFaults(section, typeof(T)) is { Count: > 0 } faults)
                throw new OptionsValidationException(Options.DefaultName, typeof(T), faults);
            section.Bind(options);
        }
    }
}
