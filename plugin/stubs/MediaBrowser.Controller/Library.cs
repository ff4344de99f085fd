namespace MediaBrowser.Controller.Entities
{
    /// <summary>Anything in a library.</summary>
    public abstract class BaseItem
    {
    }
}

namespace MediaBrowser.Controller.Library
{
    /// <summary>All users. What it says of one has another type in each line of Jellyfin.</summary>
    public interface IUserManager
    {
    }

    /// <summary>All items.</summary>
    public interface ILibraryManager
    {
        /// <summary>The item, if it is there and this user may see it.</summary>
        T? GetItemById<T>(Guid id, Guid userId)
            where T : Entities.BaseItem;
    }
}
