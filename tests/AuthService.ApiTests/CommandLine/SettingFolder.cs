using System.Diagnostics;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.CommandLine;

/// <summary>Settings as files with the names of their environment variables. They are deleted when disposed.</summary>
internal sealed class SettingFolder : IDisposable
{
    private const string Current = "..data";
    private int _versions;

    public string Path { get; } = Directory.CreateTempSubdirectory("authservice-settings-").FullName;

    /// <summary>The setting that tells the service to read this folder.</summary>
    public Settings Settings => new() { ["SETTINGS_FOLDER"] = Path };

    public void Write(Settings settings) => WriteTo(Path, settings);

    /// <summary>Deletes the files of this setting and of those below it.</summary>
    public void Delete(string key)
    {
        foreach (var file in Directory.GetFiles(Path, $"{FileOf(key)}*"))
            File.Delete(file);
    }

    /// <summary>
    /// Replaces all files at once, as Kubernetes does: each file is a link into a folder that is itself a link, and that link is replaced atomically.
    /// </summary>
    public void Exchange(Settings settings)
    {
        var version = $"..version-{++_versions}";
        Directory.CreateDirectory(System.IO.Path.Combine(Path, version));
        WriteTo(System.IO.Path.Combine(Path, version), settings);
        var next = System.IO.Path.Combine(Path, $"{Current}-next");
        File.CreateSymbolicLink(next, version);
        using (var rename = Process.Start("mv", ["-T", next, System.IO.Path.Combine(Path, Current)]))
            rename.WaitForExit(); // File.Move cannot replace a link to a folder
        var names = Directory.EnumerateFiles(System.IO.Path.Combine(Path, version)).Select(file => System.IO.Path.GetFileName(file));
        foreach (var name in names.Where(name => !File.Exists(System.IO.Path.Combine(Path, name))))
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, name), System.IO.Path.Combine(Current, name));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static void WriteTo(string folder, Settings settings)
    {
        foreach (var (key, value) in settings.Where(setting => setting.Value is not null))
            File.WriteAllText(System.IO.Path.Combine(folder, FileOf(key)), $"{value}\n");
    }

    private static string FileOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
