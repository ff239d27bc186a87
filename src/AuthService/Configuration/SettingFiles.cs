using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;

namespace AuthService.Configuration;

/// <summary>
/// Reads settings from files that have the name of the setting (<c>Encryption__Keys__0__Key</c>), as Docker and Kubernetes provide secrets. Their
/// values appear in no environment and no process list. These files override all other settings, and changes are noticed. If one of them or a JSON
/// file cannot be read while the service runs, the settings stay as they were.
/// </summary>
internal static class SettingFiles
{
    private const string FolderSetting = "SETTINGS_FOLDER";
    private const string UsualFolder = "/run/secrets";

    public static void AddSettingFiles(this WebApplicationBuilder builder)
    {
        var state = new RefusedSettings();
        builder.Services.AddSingleton(state);
        var sources = builder.Configuration.Sources;
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is JsonConfigurationSource json)
                sources[i] = new SteadyJsonSource(json, state);
        }

        if (FindFolder(builder) is { } folder)
            sources.Add(new SettingFolderSource(folder, state));
    }

    /// <returns>
    /// Null when there is none. A folder that is named explicitly must exist: otherwise the service would start without its secrets.
    /// </returns>
    private static string? FindFolder(WebApplicationBuilder builder)
    {
        if (builder.Configuration[FolderSetting] is not { } named)
            return Directory.Exists(UsualFolder) ? UsualFolder : null;
        if (named.Length == 0)
            return null;
        var folder = Path.GetFullPath(named, builder.Environment.ContentRootPath);
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException($"{FolderSetting} must be a folder that is there, it is {SettingValue.Show(named)}");
    }
}

/// <summary>A JSON file that keeps its last readable content.</summary>
internal sealed class SteadyJsonSource : JsonConfigurationSource
{
    private readonly RefusedSettings _state;

    public SteadyJsonSource(JsonConfigurationSource file, RefusedSettings state)
    {
        FileProvider = file.FileProvider;
        Path = file.Path!;
        (Optional, ReloadOnChange, ReloadDelay) = (file.Optional, file.ReloadOnChange, file.ReloadDelay);
        _state = state;
    }

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new Provider(this, _state);
    }

    private sealed class Provider(SteadyJsonSource source, RefusedSettings state) : JsonConfigurationProvider(source)
    {
        private bool _isLoaded;

        public override void Load(Stream stream)
        {
            try
            {
                base.Load(stream);
                _isLoaded = true;
                state.TakeOver(source.Path!);
            }
            catch (FormatException error) when (_isLoaded)
            {
                state.Refuse(source.Path!, [OneLine.Of($"{source.Path} cannot be read: {error.GetBaseException().Message}")]);
            }
        }
    }
}

/// <summary>A folder that keeps its last readable content.</summary>
internal sealed class SettingFolderSource(string folder, RefusedSettings state) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(folder, state);

    private sealed class Provider : KeyPerFileConfigurationProvider, IDisposable
    {
        private static readonly TimeSpan UntilWritten = TimeSpan.FromMilliseconds(250);
        private readonly IDisposable _changes;
        private readonly PhysicalFileProvider _files;
        private readonly string _folder;
        private readonly RefusedSettings _state;

        public Provider(string folder, RefusedSettings state)
            // Polled every four seconds: Kubernetes replaces the folder behind the files, and a file watcher does not notice that.
            : this(folder, state, new PhysicalFileProvider(folder) { UsePollingFileWatcher = true, UseActivePolling = true })
        {
        }

        private Provider(string folder, RefusedSettings state, PhysicalFileProvider files)
            : base(new KeyPerFileConfigurationSource { FileProvider = files, Optional = true, ReloadOnChange = false })
        {
            (_folder, _state, _files) = (folder, state, files);
            _changes = Microsoft.Extensions.Primitives.ChangeToken.OnChange(() => files.Watch("*"), () => _ = ReloadAsync());
        }

        /// <summary>Loads the files without the ends of their lines. Editors on other systems write more than a line feed.</summary>
        public override void Load()
        {
            base.Load();
            foreach (var (key, value) in Data.ToList())
                Data[key] = value?.TrimEnd('\r', '\n');
        }

        void IDisposable.Dispose()
        {
            _changes.Dispose();
            _files.Dispose();
            Dispose();
        }

        private async Task ReloadAsync()
        {
            await Task.Delay(UntilWritten);
            try
            {
                Load();
                _state.TakeOver(_folder);
            }
            catch (Exception error) when (SettingFaults.Of(error) is { Count: > 0 } faults)
            {
                _state.Refuse(_folder, [.. faults.Select(fault => $"{_folder} cannot be read: {fault}")]);
            }

            OnReload();
        }
    }
}
