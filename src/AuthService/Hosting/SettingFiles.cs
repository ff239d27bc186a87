using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;

namespace AuthService.Hosting;

/// <summary>
/// Settings as files of their name (<c>Encryption__Keys__0__Key</c>), as Docker and Kubernetes hand out secrets: what stands
/// there is in no environment and no process list. They win over settings from elsewhere, and changes are noticed.
/// </summary>
internal static class SettingFiles
{
    private const string UsualFolder = "/run/secrets";

    public static void AddSettingFiles(this WebApplicationBuilder builder)
    {
        var folder = builder.Configuration["SETTINGS_FOLDER"] ?? UsualFolder;
        if (!Directory.Exists(folder))
            return;
        builder.Configuration.Add<KeyPerFileConfigurationSource>(source =>
        {
            // Looked at every four seconds: Kubernetes exchanges the folder behind the files, of which a watch tells nothing.
            source.FileProvider = new PhysicalFileProvider(folder) { UsePollingFileWatcher = true, UseActivePolling = true };
            source.ReloadOnChange = true;
            source.Optional = true;
        });
    }
}
